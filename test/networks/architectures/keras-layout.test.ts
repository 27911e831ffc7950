// Weights under the names and in the order of axes that Keras's files have load into the architectures that follow Keras.

import { describe, expect, it } from "vitest";
import { elementCount, rowMajorStrides, type Tensor } from "../../../src/base/index.ts";
import {
  architecture,
  architectureNames,
  buildArchitecture,
  type LayerRecord,
  loadWeights,
  parametersOf,
  parameterValues,
} from "../../../src/networks/index.ts";
import { generated } from "./generated-weights.ts";

/** What Keras calls the parts of its layers, by ours. */
const WORDS: Readonly<Record<string, string>> = {
  "batch_normalization.weight": "gamma",
  "batch_normalization.bias": "beta",
  "batch_normalization.running_mean": "moving_mean",
  "batch_normalization.running_var": "moving_variance",
  "conv.weight": "kernel",
  "dense.weight": "kernel",
};

/** A view of generated weights as Keras would store them, under Keras's name. */
function kerasTensor({ name: layer, kind }: LayerRecord, name: string, shape: readonly number[]) {
  const part = name.slice(layer.length + 1);
  const isDepthwise = kind === "conv" && part === "weight" && shape[1] === 1;
  const word = isDepthwise ? "depthwise_kernel" : (WORDS[`${kind}.${part}`] ?? part);
  // [out, in, kernel…] to [kernel…, in, out], depthwise to [kernel…, out, 1].
  const kernel = shape.map((_, axis) => axis).slice(2);
  const order = isDepthwise ? [...kernel, 0, 1] : shape.length > 1 ? [...kernel, 1, 0] : [0];
  const strides = rowMajorStrides(shape);
  const view = {
    dtype: "float32" as const,
    shape: order.map((axis) => shape[axis]),
    strides: order.map((axis) => strides[axis]),
  };
  const read = async (): Promise<Tensor> => ({ ...view, data: generated(name, shape) });
  return { ...view, name: `${layer}/${layer}/${word}:0`, read };
}

const names = architectureNames.filter((name) => architecture(name).references.includes("keras"));

/** Behind a Flatten Keras's dense weights are in another order, which pretrained/ tests. */
const isFlattened = (name: string) => /^(cnn|vgg)/.test(name);

describe("files of Keras load into", () => {
  it.each(names.filter((name) => !/101|b[123]$/.test(name)))("%s", async (name) => {
    const built = buildArchitecture(name, {
      reference: "keras",
      includeTop: !isFlattened(name),
      initialise: false,
    });
    const stored = built.layers.flatMap((layer) =>
      layer.parameters.map((one) => kerasTensor(layer, one.name, one.shape)),
    );
    // How many images the scaling was measured on.
    const counter = { ...stored[0], name: "normalization/normalization/count:0", shape: [] };
    const source = {
      ...({ format: "keras-h5", metadata: {} } as const),
      tensors: new Map([...stored, counter].map((one) => [one.name, one])),
    };
    const { network, report } = await loadWeights(built, source as never, { strict: true });
    expect(report.matched).toHaveLength(stored.length);
    const values = parameterValues(network);
    for (const { name: parameter, shape } of parametersOf(network)) {
      const found = values[parameter].data as Float32Array;
      const wanted = generated(parameter, shape);
      expect(elementCount(shape)).toBe(found.length);
      expect(
        found.every((value, at) => value === wanted[at]),
        parameter,
      ).toBe(true);
    }
  });
});
