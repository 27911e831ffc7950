// An image taken apart into planes as DICOM files hold them: slices, time points, colours pixel by pixel.

import { type Image, RoentgenError, voxelCount } from "../../../base/index.ts";
import type { StoredValues } from "./stored-values.ts";

/** A plane of one slice at one moment. */
export interface StoredPlane {
  readonly slice: number;
  /** Entry of all channel axes but colour, counted from 0. */
  readonly entry: number;
  /** Rows from the top; the three colours of a pixel together. */
  readonly pixels: StoredValues["data"];
}

/** What an image's planes are: how many, of how many samples. */
export interface PlaneLayout {
  readonly samples: 1 | 3;
  readonly slices: number;
  readonly entries: number;
}

/** @throws RoentgenError "format-unsupported" for colours other than red, green and blue */
export function planeLayout({ geometry, channels }: Image): PlaneLayout {
  const color = channels.find(({ name }) => name === "color");
  if (color && color.size !== 3) {
    throw new RoentgenError("format-unsupported", {
      problem: "Cannot write the image as DICOM",
      expected: "grey values, or red, green and blue",
      found: `${color.size} colours`,
    });
  }
  const others = channels.filter((axis) => axis !== color);
  const entries = others.reduce((product, { size }) => product * size, 1);
  return { samples: color ? 3 : 1, slices: geometry.size[2], entries };
}

/** The planes, slices fastest. */
export function* planesOf(image: Image, data: StoredValues["data"]): Generator<StoredPlane> {
  const { samples, slices, entries } = planeLayout(image);
  const [width, height] = image.geometry.size;
  const plane = width * height;
  const { entryStride, colorStride } = strides(image);
  for (let entry = 0; entry < entries; entry++) {
    for (let slice = 0; slice < slices; slice++) {
      const start = entry * entryStride + slice * plane;
      const pixels =
        samples === 1
          ? data.subarray(start, start + plane)
          : interleave(data, { start, colorStride, plane });
      yield { slice, entry, pixels };
    }
  }
}

/** Colours lie before or after the other channel axes; both orders are met. */
function strides({ channels, geometry }: Image): { entryStride: number; colorStride: number } {
  const voxels = voxelCount(geometry);
  const at = channels.findIndex(({ name }) => name === "color");
  if (at < 0) return { entryStride: voxels, colorStride: 0 };
  const isLast = at === channels.length - 1;
  const others = channels.reduce(
    (product, { size }, i) => (i === at ? product : product * size),
    1,
  );
  return isLast
    ? { entryStride: 3 * voxels, colorStride: voxels }
    : { entryStride: voxels, colorStride: others * voxels };
}

function interleave(
  data: StoredValues["data"],
  { start, colorStride, plane }: { start: number; colorStride: number; plane: number },
): StoredValues["data"] {
  const pixels = data.slice(0, 3 * plane);
  for (let pixel = 0; pixel < plane; pixel++) {
    for (let color = 0; color < 3; color++) {
      pixels[3 * pixel + color] = data[start + color * colorStride + pixel];
    }
  }
  return pixels;
}
