// The numbers that a step draws for dropout: the same on every device, and after every resumption.

import { randomStream } from "../../base/index.ts";
import type { OnnxTensor } from "../../onnx/index.ts";
import type { RandomInput } from "./training-graph.ts";

/** Uniform numbers in [0, 1) for each input of the step. */
export function drawRandoms(
  inputs: readonly RandomInput[],
  { seed, step }: { seed: number; step: number },
): Record<string, OnnxTensor> {
  return Object.fromEntries(
    inputs.map(({ name, shape }) => {
      const draw = randomStream({ seed, purpose: `train/${name}`, sample: step });
      const data = new Float32Array(shape.reduce((product, length) => product * length, 1));
      // 24 bits, which float32 holds exactly: no number is rounded up to 1.
      for (let at = 0; at < data.length; at++) data[at] = (draw.uint32() >>> 8) / 16777216;
      return [name, { type: "float32", shape, data }];
    }),
  );
}
