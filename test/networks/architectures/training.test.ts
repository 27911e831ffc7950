// Every architecture learns: gradients exist for all of its parameters, and the loss falls.

import { describe, expect, it } from "vitest";
import { randomStream } from "../../../src/base/index.ts";
import {
  adam,
  architecture,
  architectureNames,
  arraySource,
  buildArchitecture,
  categoricalCrossEntropy,
  parametersOf,
  parameterValues,
  train,
} from "../../../src/networks/index.ts";

/** Eight images of noise, half of them bright in a corner. */
function corners(input: readonly number[]) {
  const size = input.reduce((product, length) => product * length, 1);
  const width = input[input.length - 1];
  const draw = randomStream({ seed: 3, purpose: "corners" });
  const targets = Int32Array.from({ length: 8 }, (_, at) => at % 2);
  const inputs = Float32Array.from({ length: 8 * size }, (_, at) => {
    const isBright = targets[Math.floor(at / size)] === 1 && at % width < width / 2;
    return 0.3 * draw.normal() + Number(isBright);
  });
  return arraySource({ inputs, targets, count: 8 });
}

const inputOf = (name: string) => {
  if (name === "resnet3d_18") return [1, 4, 16, 16];
  return name === "cnn" ? [1, 16, 16] : [1, 32, 32];
};

const variants = architectureNames.flatMap((name) =>
  architecture(name).references.map((reference) => [name, reference] as const),
);

/** Large ones take a while: all are trained with ROENTGEN_ALL_ARCHITECTURES=1. */
const isAlwaysTrained = ([name]: (typeof variants)[number]) =>
  process.env.ROENTGEN_ALL_ARCHITECTURES === "1" || ["cnn", "mobilenet_v3_small"].includes(name);

describe("a few steps make the loss fall and move every parameter", () => {
  it.each(variants.filter(isAlwaysTrained))(
    "%s of %s",
    async (name, reference) => {
      const input = inputOf(name);
      const start = buildArchitecture(name, { reference, input, classes: 2, seed: 1 });
      const { network, history } = await train(start, {
        data: corners(input),
        loss: categoricalCrossEntropy(),
        // Transformers want small steps.
        optimiser: adam({ learningRate: name.startsWith("vit") ? 1e-4 : 1e-3 }),
        epochs: 4,
        batchSize: 8,
        device: "cpu",
        threads: 2,
      });
      expect(history[3].loss).toBeLessThan(history[0].loss);
      const [before, after] = [start, network].map(parameterValues);
      const still = parametersOf(start)
        .filter(({ learnable }) => learnable)
        .filter(({ name: one }) => {
          const [from, to] = [before, after].map((values) => values[one].data as Float32Array);
          return from.every((value, at) => value === to[at]);
        });
      expect(still.map(({ name: one }) => one)).toEqual([]);
    },
    300_000,
  );
});
