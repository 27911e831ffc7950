// Smoothing by a Gaussian along each axis, as scipy.ndimage.gaussian_filter does it (cut at four standard
// deviations, symmetric about the image's outer faces).

import {
  channelCount,
  type Image,
  makeImage,
  portableExp,
  type Triple,
  voxelCount,
} from "../../base/index.ts";
import { realVoxels } from "./real-voxels.ts";
import type { RealArray } from "./source-grid.ts";

/** Where the Gaussian is cut, in standard deviations. */
const CUT = 4;

/**
 * An image smoothed along i, j and k; float32, or float64 where that is needed to hold the values.
 * @param sigma standard deviations in voxels; 0 leaves an axis alone
 */
export function smoothGaussian(image: Image, sigma: Triple): Image {
  const data = realVoxels(image.data, { fresh: true });
  for (let channel = 0; channel < channelCount(image); channel++) {
    const start = channel * voxelCount(image.geometry);
    for (const axis of [0, 1, 2]) {
      if (sigma[axis] > 0 && image.geometry.size[axis] > 1) {
        smoothAxisInPlace(data, start, image.geometry.size, axis, gaussianKernel(sigma[axis]));
      }
    }
  }
  return makeImage({ ...image, data });
}

/** Weights at 0, 1, 2 … voxels; their two-sided sum is 1. */
function gaussianKernel(sigma: number): Float64Array {
  const kernel = new Float64Array(Math.floor(CUT * sigma + 0.5) + 1);
  let sum = 0;
  for (let at = 0; at < kernel.length; at++) {
    kernel[at] = portableExp((-0.5 * at * at) / (sigma * sigma));
    sum += at === 0 ? kernel[at] : 2 * kernel[at];
  }
  return kernel.map((weight) => weight / sum);
}

/** Lines that are worked on side by side. */
const TILE = 32;

function smoothAxisInPlace(
  data: RealArray,
  start: number,
  size: Triple,
  axis: number,
  kernel: Float64Array,
): void {
  const count = size[axis];
  const stride = [1, size[0], size[0] * size[1]][axis];
  const lines = Math.min(stride, TILE);
  const reach = kernel.length - 1;
  const padded = new Float64Array((count + 2 * reach) * lines);
  const blocks = voxelCount({ size }) / (count * stride);
  for (let block = 0; block < blocks; block++) {
    for (let line = 0; line < stride; line += lines) {
      const from = start + block * count * stride + line;
      const width = Math.min(lines, stride - line);
      gather(data, padded, { from, count, stride, width, reach });
      convolve(data, padded, { from, count, stride, width, reach }, kernel);
    }
  }
}

interface Tile {
  readonly from: number;
  readonly count: number;
  readonly stride: number;
  readonly width: number;
  readonly reach: number;
}

/** Lines with what lies beyond their ends: … c b a | a b c … */
function gather(data: RealArray, padded: Float64Array, tile: Tile): void {
  const { from, count, stride, width, reach } = tile;
  for (let n = -reach; n < count + reach; n++) {
    const folded = ((n % (2 * count)) + 2 * count) % (2 * count);
    const source = from + (folded < count ? folded : 2 * count - 1 - folded) * stride;
    const to = (n + reach) * width;
    for (let l = 0; l < width; l++) padded[to + l] = data[source + l];
  }
}

function convolve(data: RealArray, padded: Float64Array, tile: Tile, kernel: Float64Array): void {
  const { from, count, stride, width, reach } = tile;
  for (let n = 0; n < count; n++) {
    for (let l = 0; l < width; l++) {
      const at = (n + reach) * width + l;
      let sum = kernel[0] * padded[at];
      for (let k = 1; k <= reach; k++) {
        sum += kernel[k] * (padded[at - k * width] + padded[at + k * width]);
      }
      data[from + n * stride + l] = sum;
    }
  }
}
