// One step of whole networks that PyTorch exported for training, against its gradients
// (test/onnx/gradients/expected/make-networks.py).

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { elementCount } from "../../../src/base/index.ts";
import {
  type Loss,
  networkFromModel,
  parametersOf,
  parameterValues,
  type SampleSource,
  sgd,
  train,
} from "../../../src/networks/index.ts";
import { decodeModel, type Initializer } from "../../../src/onnx/index.ts";

const folder = new URL("../../onnx/gradients/expected/networks/", import.meta.url);

interface Expected {
  readonly input: readonly number[];
  readonly output: readonly number[];
  readonly loss: number;
  readonly tensors: readonly Drawn[];
  readonly gradients: Readonly<Record<string, Gradient>>;
}

interface Drawn {
  readonly name: string;
  readonly key: number;
  readonly shape: readonly number[];
  readonly centre: number;
  readonly half: number;
}

interface Gradient {
  readonly largest: number;
  readonly at: readonly number[];
  readonly samples: readonly number[];
}

/** Pseudo-random numbers in [-1, 1), as the script makes them. */
function uniform(shape: readonly number[], key: number): Float64Array {
  return new Float64Array(elementCount(shape)).map((_, at) => {
    const wave = Math.sin(at * 12.9898 + key * 78.233) * 43758.5453;
    return 2 * (wave - Math.floor(wave)) - 1;
  });
}

const drawn = ({ name, key, shape, centre, half }: Drawn): Initializer => ({
  ...{ name, type: "float32", shape },
  data: Float32Array.from(uniform(shape, key), (one) => centre + half * one),
});

/** Σ y · w, as the script has it; the weights w are the targets. */
const weightedSum: Loss = {
  ...{ name: "weighted sum", settings: {} },
  target: (shape) => ({ type: "float32", shape }),
  build: (m, { output, target }) => m.sum(m.mul(output, target)),
};

/** The whole batch in the order that is asked for. */
function samplesOf({ input, output }: Expected): SampleSource {
  const [inputs, targets] = [uniform(input, 1000), uniform(output, 2000)];
  const pick = (all: Float64Array, indices: Uint32Array) => {
    const size = all.length / input[0];
    return Float32Array.from(
      Array.from(indices, (at) => [...all.subarray(at * size, (at + 1) * size)]).flat(),
    );
  };
  return {
    count: input[0],
    load: (indices) => ({ inputs: pick(inputs, indices), targets: pick(targets, indices) }),
  };
}

describe("A step of", () => {
  it.each(["resnet18", "densenet-block", "unet-2d", "unet-3d", "detector", "sequence"])(
    "%s moves every parameter as PyTorch does",
    async (name) => {
      const expected: Expected = JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8"));
      const model = decodeModel(readFileSync(new URL(`${name}.onnx`, folder)));
      const initializers = [...model.graph.initializers, ...expected.tensors.map(drawn)];
      const network = networkFromModel({ ...model, graph: { ...model.graph, initializers } });
      const learnt = parametersOf(network).filter(({ learnable }) => learnable);
      const names = Object.keys(expected.gradients).sort();
      expect(learnt.map((one) => one.name).sort()).toEqual(names);
      const { network: trained } = await train(network, {
        ...{ data: samplesOf(expected), loss: weightedSum, optimiser: sgd({ learningRate: 1 }) },
        ...{ epochs: 1, batchSize: expected.input[0], device: "cpu", threads: 1 },
        // Exported for inference, and its gradients were taken so.
        frozenStatistics: name === "densenet-block",
      });
      const [before, after] = [network, trained].map(parameterValues);
      const usual = Math.max(...Object.values(expected.gradients).map(({ largest }) => largest));
      for (const [parameter, { at, samples, largest }] of Object.entries(expected.gradients)) {
        const [from, to] = [before, after].map((one) => one[parameter].data as Float32Array);
        // The bias of a convolution before a normalisation has a gradient of rounding alone.
        const scale =
          largest < 1e-9 ? usual : from.reduce((a, b) => Math.max(a, Math.abs(b)), largest);
        const worst = Math.max(...at.map((one, k) => Math.abs(from[one] - to[one] - samples[k])));
        expect(worst / scale, parameter).toBeLessThan(1e-4);
      }
    },
  );
});
