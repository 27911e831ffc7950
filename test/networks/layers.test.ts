import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openSession } from "#session";
import * as networks from "../../src/networks/index.ts";
import {
  add,
  averagePool,
  batchNormalisation,
  concatenate,
  convolution,
  dense,
  dropout,
  groupNormalisation,
  instanceNormalisation,
  type Layer,
  layerNormalisation,
  maxPool,
  multiply,
  type Network,
  network,
  parametersOf,
  permute,
  reshape,
  type Signal,
  selfAttention,
  sequential,
  summarise,
  transposedConvolution,
  upsample,
  withParameters,
  zeroPad,
} from "../../src/networks/index.ts";
import { encodeModel, type OnnxTensor } from "../../src/onnx/index.ts";

interface Numbers {
  readonly shape: number[];
  readonly data: number[];
}

/** One line of layers.json. */
interface LayerCase {
  readonly layer: string;
  readonly arguments: unknown[];
  readonly inputs: Numbers[];
  readonly parameters: Record<string, Numbers>;
  readonly output: Numbers;
}

const { cases } = JSON.parse(
  readFileSync(new URL("expected/layers.json", import.meta.url), "utf8"),
) as { cases: LayerCase[] };

const layerOf = ({ layer, arguments: given }: LayerCase): Layer =>
  (networks as unknown as Record<string, (...given: unknown[]) => Layer>)[layer](...given);

const tensorOf = ({ shape, data }: Numbers): OnnxTensor => ({
  type: "float32",
  shape,
  data: Float32Array.from(data),
});

/** A layer alone in a network; a second input is a constant beside the first. */
function networkOf(one: LayerCase): Network {
  const [first, ...others] = one.inputs;
  const build = (input: Signal) => {
    const { graph } = input.draft;
    const constants = others.map((numbers) => ({
      ...input,
      term: graph.constant(tensorOf(numbers)),
      shape: numbers.shape,
    }));
    return layerOf(one)(input, ...constants);
  };
  const built = network(build, { input: first.shape.slice(1) });
  const { name } = built.layers[built.layers.length - 1];
  const values = Object.entries(one.parameters).map(([part, numbers]) => [
    part === "" ? name : `${name}.${part}`,
    tensorOf(numbers),
  ]);
  return withParameters(built, Object.fromEntries(values));
}

async function outputOf({ model }: Network, input: Numbers): Promise<OnnxTensor> {
  const session = await openSession(encodeModel(model), { threads: 1 });
  const { output } = await session.run({ input: tensorOf(input) });
  await session.close();
  return output;
}

describe("layers give what PyTorch's give", () => {
  it.each([...new Set(cases.map(({ layer }) => layer))])("%s", async (layer) => {
    for (const one of cases.filter((other) => other.layer === layer)) {
      const of = `${layer} ${JSON.stringify(one.arguments)} of [${one.inputs[0].shape}]`;
      const built = networkOf(one);
      const { shape, data } = await outputOf(built, one.inputs[0]);
      expect(shape, of).toEqual(one.output.shape);
      const declared = built.layers[built.layers.length - 1].outputShape;
      expect(declared.slice(1), of).toEqual(shape.slice(1));
      const size = Math.max(...one.output.data.map(Math.abs));
      for (const [at, expected] of one.output.data.entries()) {
        expect(Math.abs(Number(data[at]) - expected) / size, of).toBeLessThan(1e-5);
      }
    }
  });
});

describe("layers have as many parameters as Keras's", () => {
  const image = [3, 16, 16];
  it.each<[string, Layer, number[], number, number]>([
    // kernel · in / groups · filters + filters
    ["Conv2D", convolution({ filters: 8, kernel: 3 }), image, 3 * 3 * 3 * 8 + 8, 0],
    ["Conv2D without bias", convolution({ filters: 8, kernel: 3, bias: false }), image, 216, 0],
    ["Conv2D in groups", convolution({ filters: 6, kernel: 5, groups: 3 }), image, 25 * 6 + 6, 0],
    ["Conv3D", convolution({ filters: 8, kernel: 3 }), [2, 8, 8, 8], 27 * 2 * 8 + 8, 0],
    ["Conv2DTranspose", transposedConvolution({ filters: 8, kernel: 2 }), image, 4 * 3 * 8 + 8, 0],
    ["Dense", dense({ units: 10 }), [7], 7 * 10 + 10, 0],
    // γ and β are trained, moving mean and variance are not.
    ["BatchNormalization", batchNormalisation(), image, 6, 6],
    ["LayerNormalization", layerNormalisation(), [5, 12], 24, 0],
    ["GroupNormalization", groupNormalisation({ groups: 3 }), image, 6, 0],
    ["InstanceNormalization", instanceNormalisation(), image, 6, 0],
    // Query, key, value and output: four projections with biases.
    ["MultiHeadAttention", selfAttention({ heads: 4 }), [10, 16], 4 * (16 * 16 + 16), 0],
    ["MaxPooling2D", maxPool(), image, 0, 0],
    ["Dropout", dropout(0.3), image, 0, 0],
  ])("%s", (_, layer, input, trainable, frozen) => {
    expect(summarise(sequential([layer], { input }))).toMatchObject({ trainable, frozen });
  });
});

describe("layers that do not fit say what they were given", () => {
  const branches = (join: Layer) => (input: Signal) =>
    join(
      convolution({ filters: 4, kernel: 3, name: "left" })(input),
      convolution({ filters: 5, kernel: 1, name: "right" })(input),
    );
  const image = [3, 8, 8];
  it.each<[string, () => Network, RegExp]>([
    [
      "add",
      () => network(branches(add()), { input: image }),
      /layer "add".*\[N, 4, 6, 6\].*\[N, 5, 8, 8\]/s,
    ],
    [
      "multiply",
      () => network(branches(multiply()), { input: image }),
      /layer "multiply".*\[N, 4, 6, 6\].*\[N, 5, 8, 8\]/s,
    ],
    [
      "concatenate",
      () => network(branches(concatenate()), { input: image }),
      /layer "concatenate".*\[N, 4, 6, 6\].*\[N, 5, 8, 8\]/s,
    ],
    [
      "a kernel larger than the image",
      () => sequential([convolution({ filters: 4, kernel: 9 })], { input: image }),
      /layer "conv".*\[N, 3, 8, 8\].*\[4, 3, 9, 9\]/s,
    ],
    [
      "a window larger than the image",
      () => sequential([averagePool({ size: 9 })], { input: image }),
      /layer "average_pool".*\[N, 3, 8, 8\]/s,
    ],
    [
      "groups that do not part the channels",
      () => sequential([convolution({ filters: 4, kernel: 3, groups: 2 })], { input: image }),
      /layer "conv".*3 channels.*2 groups/is,
    ],
    [
      "groups of normalisation that do not part the channels",
      () => sequential([groupNormalisation({ groups: 2 })], { input: image }),
      /layer "group_normalization".*3 channels.*2 groups/is,
    ],
    [
      "a convolution of no image",
      () => sequential([convolution({ filters: 4, kernel: 3 })], { input: [5] }),
      /layer "conv".*\[batch, channels, size…\].*\[N, 5\]/is,
    ],
    [
      "lengths for another number of axes",
      () => sequential([convolution({ filters: 4, kernel: [3, 3, 3] })], { input: image }),
      /layer "conv".*2 spatial axes.*\[3, 3, 3\]/is,
    ],
    [
      "an upsampling for another number of axes",
      () => sequential([upsample({ factor: [2, 2, 2] })], { input: image }),
      /layer "up_sampling".*2 spatial axes.*\[2, 2, 2\]/is,
    ],
    [
      "padding of no image",
      () => sequential([zeroPad(1)], { input: [5] }),
      /layer "zero_padding".*\[N, 5\]/is,
    ],
    [
      "a reshaping to another number of elements",
      () => sequential([reshape([4, 4])], { input: image }),
      /layer "reshape".*\[N, 3, 8, 8\].*\[4, 4\]/is,
    ],
    [
      "a permutation of other axes",
      () => sequential([permute([1, 2])], { input: image }),
      /layer "permute".*\[N, 3, 8, 8\].*\[1, 2\]/is,
    ],
    [
      "heads that do not part the features",
      () => sequential([selfAttention({ heads: 3 })], { input: [10, 16] }),
      /layer "attention".*3 heads.*\[N, 10, 16\]/is,
    ],
    [
      "an option that is none",
      () => sequential([convolution({ filter: 4, kernel: 3 } as never)], { input: image }),
      /convolution has no option "filter".*filters, kernel/is,
    ],
    [
      "a negative number of filters",
      () => sequential([convolution({ filters: -1, kernel: 3 })], { input: image }),
      /"filters" of the convolution.*at least 1, found -1/is,
    ],
    [
      "an activation that is none",
      () => sequential([dense({ units: 4, activation: "rellu" as never })], { input: [4] }),
      /"activation" of the dense layer.*"relu".*found "rellu"/is,
    ],
    [
      "an initialiser that is none",
      () => sequential([dense({ units: 4, initialiser: "he" as never })], { input: [4] }),
      /"initialiser" of the dense layer.*he-normal.*found "he"/is,
    ],
    [
      "no input",
      () => network(() => add()(), { input: image }),
      /layer "add".*at least one input.*found none/is,
    ],
    [
      "a rate of 1",
      () => sequential([dropout(1)], { input: image }),
      /"rate" of the dropout.*below 1, found 1/is,
    ],
  ])("%s", (_, build, message) => {
    expect(build).toThrow(message);
  });
});

describe("parametersOf", () => {
  it("names parameters by layer and part", () => {
    const built = sequential([convolution({ filters: 2, kernel: 1 }), batchNormalisation()], {
      input: [1, 4, 4],
    });
    expect(parametersOf(built).map(({ name }) => name)).toEqual([
      "conv.weight",
      "conv.bias",
      "batch_normalization.weight",
      "batch_normalization.bias",
      "batch_normalization.running_mean",
      "batch_normalization.running_var",
    ]);
  });
});
