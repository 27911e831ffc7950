// An image as a picture for raster files, which hold few types and nothing of its place.

import type { Image, VoxelType } from "../../base/index.ts";
import { RoentgenError, voxelType } from "../../base/index.ts";
import type { Picture } from "./picture.ts";

/**
 * Grey, RGB or RGB with opacity, colours side by side.
 * @param options.types element types that the format holds
 * @throws RoentgenError "shape-mismatch" for several slices or channels other than colour, "type-mismatch"
 */
export function pictureOfImage(
  { geometry, channels, data }: Image,
  { path, types }: { path: string; types: readonly VoxelType[] },
): Picture {
  const [width, height, depth] = geometry.size;
  const [axis] = channels;
  const isColour = axis?.name === "color" && (axis.size === 3 || axis.size === 4);
  if (depth !== 1 || channels.length > 1 || (axis && !isColour)) {
    const shape = [...channels.map(({ name, size }) => `${size} ${name}`), `${depth} slices`];
    throw new RoentgenError("shape-mismatch", {
      problem: `Cannot write ${path}`,
      expected: "one slice, grey or in colour",
      found: shape.join(", "),
      remedy: "Write one slice at a time, or choose NIfTI, NRRD or TIFF.",
      subject: path,
    });
  }
  const type = voxelType(data);
  if (!types.includes(type)) {
    throw new RoentgenError("type-mismatch", {
      problem: `Cannot write ${path}`,
      expected: `values of type ${types.join(" or ")}`,
      found: type,
      remedy:
        "Window or scale the values first, or choose TIFF, NIfTI or NRRD, which hold all types.",
      subject: path,
    });
  }
  return { width, height, channels: axis?.size ?? 1, data: interleaved(data, axis?.size ?? 1) };
}

/** Planes to colours side by side. */
export function interleaved<D extends Image["data"]>(data: D, channels: number): D {
  if (channels === 1) return data;
  const pixels = data.length / channels;
  const target = new (data.constructor as new (length: number) => D)(data.length);
  for (let colour = 0; colour < channels; colour++) {
    for (let from = colour * pixels, to = colour; to < data.length; from++, to += channels) {
      target[to] = data[from];
    }
  }
  return target;
}
