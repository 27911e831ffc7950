// Drawn images that a bundled model is tried on wherever it is opened: slopes and blocks, the same on every machine, and small
// once they are packed.

import { elementCount, randomStream } from "../../base/index.ts";
import type { OnnxTensor } from "../../onnx/index.ts";

const COUNT = 2;
/** Pixels along the sides of a block. */
const BLOCK = 8;

/** Two images [2, channels, …size] of values 0/255 … 255/255. */
export function drawTestImages(shape: readonly number[]): OnnxTensor {
  const length = elementCount(shape);
  const data = new Float32Array(COUNT * length);
  for (let image = 0; image < COUNT; image++) {
    const random = randomStream({ seed: 0, purpose: "classification/test-images", sample: image });
    drawInPlace(data.subarray(image * length, (image + 1) * length), shape, {
      along: shape.length - 1 - image,
      levels: Uint8Array.from({ length: 4096 }, () => random.integer(256)),
    });
  }
  return { type: "float32", shape: [COUNT, ...shape], data };
}

/** Each value is the mean of a slope along one axis and of its block's level. */
function drawInPlace(
  data: Float32Array,
  shape: readonly number[],
  { along, levels }: { along: number; levels: Uint8Array },
): void {
  const [, ...size] = shape;
  const plane = elementCount(size);
  for (let at = 0; at < data.length; at++) {
    const channel = Math.floor(at / plane);
    let rest = at % plane;
    let block = channel;
    let slope = 0;
    for (let axis = size.length - 1; axis >= 0; axis--) {
      const position = rest % size[axis];
      rest = Math.floor(rest / size[axis]);
      block = block * 31 + Math.floor(position / BLOCK);
      if (axis === along - 1) slope = Math.floor((255 * position) / Math.max(1, size[axis] - 1));
    }
    data[at] = ((slope + levels[block % levels.length]) >> 1) / 255;
  }
}
