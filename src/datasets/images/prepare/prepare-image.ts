// An image as the input of a network: the same bits in Node and browser, in training and use.

import { type Image, RoentgenError, type Triple } from "../../../base/index.ts";
import type { ImagePreparation, ImageSample } from "../image-dataset.ts";
import { type ImageDisplay, type IntensityRange, intensityRange } from "./intensity-range.ts";
import { type PlaneLayout, planeLayout } from "./planes.ts";
import { resizeBlock } from "./resize-block.ts";

export interface PrepareImageOptions {
  /** Slice or frame, from 0, for an input of two axes; by default the middle one. */
  frame?: ImageSample["frame"];
  /** Part of each slice: left, top, right, bottom in pixels; the latter two are outside. */
  region?: ImageSample["region"];
  /** What the file says of how its values are meant to be seen. */
  display?: ImageDisplay;
  /** What becomes 0 and 1, where it is already known: for many slices of one volume it is found once. */
  range?: IntensityRange;
}

/** Rec. ITU-R BT.601-7, section 2.5.1: luminance of red, green and blue. Equal colours give their own value. */
const LUMINANCE = [0.299, 0.587, 0.114] as const;

/**
 * Values in [0, 1] of shape [channels, …size]. In this order: the slices that are asked for, the region, colours to grey by
 * Rec. 601 where one channel is asked for, the intensity range to 0 … 1 with what is beyond it clipped, MONOCHROME1 turned
 * round, the size by `resizeBlock`, and the padding.
 *
 * Of one slice, grey is repeated in every channel; of several, channels are neighbouring slices about `frame` (2.5-D), the
 * outermost repeated at the ends. Opacity is ignored; values that are not numbers become 0. Proportions are those of
 * millimetres where the image knows them. A preparation of three axes takes the whole volume.
 * @throws RoentgenError "value-invalid" for a frame or region that the image does not have
 */
export function prepareImage(
  image: Image,
  preparation: ImagePreparation,
  { frame, region, display = {}, range }: PrepareImageOptions = {},
): Float32Array {
  const layout = planeLayout(image);
  const part = partOf(layout, region);
  const task: Task = {
    ...{ image, layout, part, preparation },
    range: range ?? intensityRange(image, preparation.intensity, display),
    inverted: display.inverted ?? false,
  };
  const length = preparation.size.reduce((product, n) => product * n, 1);
  const prepared = new Float32Array(preparation.channels * length);
  const done = new Map<string, Float32Array>();
  sourcesOf(task, frame).forEach((source, channel) => {
    const key = JSON.stringify(source);
    const block = done.get(key) ?? prepareBlock(task, source);
    done.set(key, block);
    prepared.set(block, channel * length);
  });
  return prepared;
}

interface Task {
  readonly image: Image;
  readonly layout: PlaneLayout;
  readonly part: Part;
  readonly preparation: ImagePreparation;
  readonly range: IntensityRange;
  readonly inverted: boolean;
}

/** The part of a plane that is used. */
interface Part {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What one channel is made of. */
interface Source {
  readonly firstPlane: number;
  readonly planes: number;
  /** A colour, or all of them as grey. */
  readonly colour: 0 | 1 | 2 | "grey";
}

function sourcesOf({ layout, preparation }: Task, frame: number | undefined): Source[] {
  const { channels, size } = preparation;
  const { planes, depth, colours } = layout;
  const grey = colours === 3 ? "grey" : 0;
  const list = (source: (channel: number) => Source) =>
    Array.from({ length: channels }, (_, n) => source(n));
  if (size.length === 3) {
    const volumes = planes / depth;
    if (frame !== undefined) checkFrame(frame, volumes);
    else if (volumes > 1) checkVolumes(volumes, channels);
    return list((n) => ({
      firstPlane: depth * (frame ?? Math.min(n, volumes - 1)),
      planes: depth,
      colour: colours === 3 && channels === 3 ? (n as 0 | 1 | 2) : grey,
    }));
  }
  const centre = frame ?? Math.floor(planes / 2);
  checkFrame(centre, planes);
  if (colours === 3 && channels === 3) {
    return list((n) => ({ firstPlane: centre, planes: 1, colour: n as 0 | 1 | 2 }));
  }
  const before = (channels - 1) >> 1;
  return list((n) => ({
    firstPlane: Math.min(planes - 1, Math.max(0, centre + n - before)),
    ...{ planes: 1, colour: grey },
  }));
}

/** [channels, …size] of one channel: read, mapped, brought to size. */
function prepareBlock(task: Task, source: Source): Float32Array {
  const { part, preparation, image } = task;
  const values = readBlock(task, source);
  mapInPlace(values, task);
  const solid = preparation.size.length === 3;
  const size = [...(solid ? [source.planes] : []), part.height, part.width];
  if (preparation.fit === "stretch") return resizeBlock(values, size, preparation.size);
  const inner = innerSize(size, preparation.size, image.geometry.spacing);
  return padBlock(resizeBlock(values, size, inner), inner, preparation.size);
}

/** The values of the part, slice by slice, as single-precision numbers. */
function readBlock(
  { image, layout, part }: Pick<Task, "image" | "layout" | "part">,
  { firstPlane, planes, colour }: Source,
): Float32Array {
  const plane = part.width * part.height;
  const values = new Float32Array(planes * plane);
  if (colour !== "grey") {
    copyPart(values, image, layout, part, { firstPlane, planes, colour });
    return values;
  }
  const [red, green, blue] = ([0, 1, 2] as const).map((colour) => {
    return readBlock({ image, layout, part }, { firstPlane, planes, colour });
  });
  const [r, g, b] = LUMINANCE;
  for (let i = 0; i < values.length; i++) values[i] = r * red[i] + g * green[i] + b * blue[i];
  return values;
}

function copyPart(
  values: Float32Array,
  { data }: Image,
  { width, height, colourStride }: PlaneLayout,
  part: Part,
  { firstPlane, planes, colour }: Source & { colour: 0 | 1 | 2 },
): void {
  const start = colour * colourStride + firstPlane * width * height;
  if (part.width === width && part.height === height) {
    values.set(data.subarray(start, start + values.length));
    return;
  }
  for (let plane = 0, to = 0; plane < planes; plane++) {
    for (let row = 0; row < part.height; row++, to += part.width) {
      const from = start + (plane * height + part.top + row) * width + part.left;
      values.set(data.subarray(from, from + part.width), to);
    }
  }
}

/** To [0, 1]; an image of one value becomes 0. */
function mapInPlace(values: Float32Array, { range: { low, high }, inverted }: Task): void {
  const scale = high > low ? 1 / (high - low) : 0;
  for (let at = 0; at < values.length; at++) {
    const mapped = (values[at] - low) * scale;
    // NaN is neither below nor above.
    const clipped = mapped > 0 ? Math.min(mapped, 1) : 0;
    values[at] = inverted && !Number.isNaN(mapped) ? 1 - clipped : clipped;
  }
}

/** The largest size of the image's proportions within the target. */
function innerSize(
  size: readonly number[],
  target: readonly number[],
  spacing: Triple | undefined,
): number[] {
  const last = size.length - 1;
  const extents = size.map((n, axis) => n * (spacing?.[last - axis] ?? 1));
  const scale = Math.min(...target.map((n, axis) => n / extents[axis]));
  return target.map((n, axis) => Math.min(n, Math.max(1, Math.round(extents[axis] * scale))));
}

/** In the middle of the target, all around it the block's least value. */
function padBlock(
  block: Float32Array,
  inner: readonly number[],
  target: readonly number[],
): Float32Array {
  if (inner.every((n, axis) => n === target[axis])) return block;
  const [depth, height, width] = inner.length === 3 ? inner : [1, ...inner];
  const [outDepth, outHeight, outWidth] = target.length === 3 ? target : [1, ...target];
  const before = (out: number, n: number) => Math.floor((out - n) / 2);
  const padded = new Float32Array(outDepth * outHeight * outWidth);
  padded.fill(block.reduce((least, value) => Math.min(least, value), 1));
  for (let k = 0, from = 0; k < depth; k++) {
    for (let j = 0; j < height; j++, from += width) {
      const plane = before(outDepth, depth) + k;
      const row = before(outHeight, height) + j;
      const to = (plane * outHeight + row) * outWidth + before(outWidth, width);
      padded.set(block.subarray(from, from + width), to);
    }
  }
  return padded;
}

function partOf({ width, height }: PlaneLayout, region: ImageSample["region"]): Part {
  if (!region) return { left: 0, top: 0, width, height };
  const [left, top, right, bottom] = region;
  const isInside = left >= 0 && top >= 0 && right <= width && bottom <= height;
  if (region.every(Number.isInteger) && isInside && right > left && bottom > top) {
    return { left, top, width: right - left, height: bottom - top };
  }
  throw new RoentgenError("value-invalid", {
    problem: "Cannot cut the region out of the image",
    expected: `whole pixels within ${width} × ${height}: left, top, right, bottom`,
    found: `[${region.join(", ")}]`,
    subject: "region",
  });
}

function checkFrame(frame: number, planes: number): void {
  if (Number.isInteger(frame) && frame >= 0 && frame < planes) return;
  throw new RoentgenError("value-invalid", {
    problem: `The image has no frame ${frame}`,
    expected: `0 to ${planes - 1}`,
    subject: "frame",
  });
}

function checkVolumes(volumes: number, channels: number): void {
  if (volumes === channels) return;
  throw new RoentgenError("shape-mismatch", {
    problem: "Cannot prepare the volume",
    expected: `${channels} channels`,
    found: `${volumes}, such as time points or echoes`,
    remedy: "Say which one with `frame`, or prepare as many channels as there are.",
    subject: "channels",
  });
}
