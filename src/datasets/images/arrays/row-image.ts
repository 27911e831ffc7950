// A row of an array of images as an image.

import {
  type Image,
  makeImage,
  RoentgenError,
  type Tensor,
  type VoxelArray,
} from "../../../base/index.ts";

/** Entries along an axis, and elements from one to the next. */
interface Axis {
  readonly length: number;
  readonly step: number;
}

interface RowLayout {
  readonly colour: Axis;
  readonly depth: Axis;
  readonly height: Axis;
  readonly width: Axis;
}

/**
 * Row `row` of [N, height, width], [N, depth, height, width], and either with colours behind all others or before them: an
 * axis of 1 or 3 entries (at the end also 4) is that of colours.
 * @throws RoentgenError "shape-mismatch", "type-mismatch" for an array that holds no images
 */
export function rowImage(tensor: Tensor, row: number, name: string): Image {
  const { colour, depth, height, width } = layoutOf(tensor, name);
  const source = numbersOf(tensor, name);
  const Values = source.constructor as new (length: number) => VoxelArray;
  const data = new Values(colour.length * depth.length * height.length * width.length);
  let to = 0;
  for (let c = 0; c < colour.length; c++) {
    for (let k = 0; k < depth.length; k++) {
      for (let j = 0; j < height.length; j++) {
        let from = row * tensor.strides[0] + c * colour.step + k * depth.step + j * height.step;
        for (let i = 0; i < width.length; i++, from += width.step) data[to++] = source[from];
      }
    }
  }
  const size = [width.length, height.length, depth.length] as const;
  return makeImage({
    geometry: { frame: "pixels", size, spacing: undefined },
    channels: colour.length > 1 ? [{ name: "color", size: colour.length }] : [],
    data,
  });
}

function layoutOf({ shape, strides }: Tensor, name: string): RowLayout {
  const axes = shape.slice(1).map((length, at): Axis => ({ length, step: strides[at + 1] }));
  const one = { length: 1, step: 0 };
  let colour = one;
  if (axes.length >= 3) {
    const last = axes[axes.length - 1];
    if ([1, 3, 4].includes(last.length)) colour = axes.pop() as Axis;
    else if ([1, 3].includes(axes[0].length)) colour = axes.shift() as Axis;
  }
  if (axes.length === 2) axes.unshift(one);
  if (axes.length === 3) {
    const [depth, height, width] = axes;
    return { colour, depth, height, width };
  }
  throw new RoentgenError("shape-mismatch", {
    problem: `"${name}" holds no images`,
    expected: "[N, height, width] or [N, depth, height, width], with colours or without",
    found: `[${shape.join(", ")}]`,
    subject: name,
  });
}

function numbersOf({ data, dtype }: Tensor, name: string): VoxelArray {
  const isNumeric =
    !Array.isArray(data) && !dtype.startsWith("complex") && !dtype.includes("int64");
  if (isNumeric) return data as VoxelArray;
  throw new RoentgenError("type-mismatch", {
    problem: `"${name}" holds no images`,
    expected: "numbers of at most 32 bits, or floating-point numbers",
    found: dtype,
    subject: name,
  });
}
