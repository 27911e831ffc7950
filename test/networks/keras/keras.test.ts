import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openSession } from "#session";
import { memorySource, RoentgenError } from "../../../src/base/index.ts";
import { readKeras } from "../../../src/formats/index.ts";
import { kerasNetwork, type Network, summarise, summary } from "../../../src/networks/index.ts";
import { encodeModel, type OnnxTensor } from "../../../src/onnx/index.ts";

interface Numbers {
  readonly shape: number[];
  readonly values: number[];
}

interface Case {
  readonly gzip: string;
  readonly inputs: Record<string, Numbers>;
  readonly outputs: Numbers[];
}

const { cases }: { cases: Record<string, Case> } = JSON.parse(
  readFileSync(new URL("./expected/keras-models.json", import.meta.url), "utf8"),
);
const bytesOf = (name: string) =>
  new Uint8Array(gunzipSync(Buffer.from(cases[name].gzip, "base64")));
const openCase = (name: string) => readKeras(memorySource(bytesOf(name), name));
const tensorOf = ({ shape, values }: Numbers): OnnxTensor => ({
  ...{ type: "float32", shape },
  data: Float32Array.from(values),
});

async function run(
  { model }: Network,
  feeds: Record<string, OnnxTensor>,
): Promise<Record<string, OnnxTensor>> {
  const session = await openSession(encodeModel(model), { threads: 1 });
  try {
    return await session.run(feeds);
  } finally {
    await session.close();
  }
}

function expectNear(found: OnnxTensor, { shape, values }: Numbers): void {
  expect(found.shape).toEqual(shape);
  const scale = Math.max(1, ...values.map(Math.abs));
  const far = values.findIndex(
    (value, at) => !(Math.abs(Number(found.data[at]) - value) <= 1e-5 * scale),
  );
  expect([far, Number(found.data[far])]).toEqual([-1, Number.NaN]);
}

describe("a Keras model as a network", () => {
  it.each(Object.keys(cases))("gives what its layers are defined to: %s", async (name) => {
    const network = await kerasNetwork(await openCase(name));
    const { inputs, outputs } = cases[name];
    const feeds = Object.entries(inputs).map(([input, numbers]) => [input, tensorOf(numbers)]);
    const [first] = Object.keys(inputs);
    // Models without a name for their input call it so.
    const named = network.model.graph.inputs.some((input) => input.name === first);
    if (!named) feeds[0][0] = network.model.graph.inputs[0].name;
    const found = Object.values(await run(network, Object.fromEntries(feeds)));
    expect(found).toHaveLength(outputs.length);
    for (const [at, output] of found.entries()) expectNear(output, outputs[at]);
    // Every shape is known while the graph is built, and is what comes out.
    for (const [at, output] of network.model.graph.outputs.entries()) {
      expect(output.shape).toEqual(["N", ...outputs[at].shape.slice(1)]);
    }
  });

  it("takes and gives images with their channels first where that is asked for", async () => {
    const name = "convolutions (Keras 2, HDF5)";
    const network = await kerasNetwork(await openCase(name), { layout: "channels-first" });
    const operators = network.model.graph.nodes.map(({ operator }) => operator);
    expect(operators).not.toContain("Transpose");
    expect(network.model.graph.inputs[0].shape).toEqual(["N", 4, 9, 10]);
    const [n, h, w, c] = cases[name].inputs.pixels.shape;
    const given = cases[name].inputs.pixels.values;
    const data = Float32Array.from(given, (_, at) => {
      const [x, y] = [at % w, Math.floor(at / w) % h];
      const [channel, image] = [Math.floor(at / (w * h)) % c, Math.floor(at / (w * h * c))];
      return given[((image * h + y) * w + x) * c + channel];
    });
    const feeds = { input: { type: "float32" as const, shape: [n, c, h, w], data } };
    const [output] = Object.values(await run(network, feeds));
    const { shape, values } = cases[name].outputs[0];
    const [, rows, columns, channels] = shape;
    expect(output.shape).toEqual([n, channels, rows, columns]);
    expect(Number(output.data[1])).toBeCloseTo(values[channels], 4);
  });

  it("has the tutorial's layers in its summary, with Keras's shapes and counts", async () => {
    const network = await kerasNetwork(await openCase("tutorial (Keras 3, zip)"));
    const { layers, total } = summarise(network);
    expect(
      layers.map(({ kind, outputShape, parameters }) => [kind, outputShape, parameters]),
    ).toEqual([
      ["InputLayer", ["N", 8, 8, 1], 0],
      ["Conv2D", ["N", 6, 6, 4], 40],
      ["MaxPooling2D", ["N", 3, 3, 4], 0],
      ["Dropout", ["N", 3, 3, 4], 0],
      ["Flatten", ["N", 36], 0],
      ["Dense", ["N", 3], 111],
    ]);
    expect(total).toBe(151);
  });

  it("shares the parameters of a layer that is used more than once", async () => {
    const network = await kerasNetwork(await openCase("shared (Keras 3, zip)"));
    const names = network.model.graph.initializers.map(({ name }) => name);
    expect(names.filter((name) => name.startsWith("twice."))).toEqual([
      "twice.weight",
      "twice.bias",
    ]);
    expect(summarise(network).total).toBe(12);
  });
});

describe("a Keras model that can't be converted", () => {
  const input = { class_name: "InputLayer", config: { name: "x", batch_input_shape: [null, 4] } };
  const convert = (layer: unknown, layers: unknown[] = [input, layer]) =>
    kerasNetwork({
      ...{ format: "keras-h5", kerasVersion: "2.9.0", optimizer: [], layers: [] },
      config: { class_name: "Sequential", config: { name: "m", layers } },
    });

  it.each<[string, Record<string, unknown>, RegExp]>([
    [
      "Lambda",
      { function: ["4wEAAAA=", null, null] },
      /"odd" \(Lambda\).*Python code, which is never executed/,
    ],
    ["TimeDistributed", {}, /"odd" \(TimeDistributed\).*frames as a batch/],
    ["LSTM", { units: 3 }, /"odd" \(LSTM\): expected a layer of a class that is converted/],
    ["Activation", { activation: "my_function" }, /expected an activation among .*my_function/],
    ["Dense", { units: 3 }, /expected a weight for its kernel, found 0 weights/],
    ["Dense", { units: "many" }, /units as a whole number of at least 1/],
    ["Reshape", { target_shape: [3, -1] }, /4 elements in a sample/],
    ["Permute", { dims: [2, 1] }, /an order of 1 axes/],
  ])("names the layer, its class and what to do: %s %j", async (className, config, message) => {
    await expect(
      convert({ class_name: className, config: { name: "odd", ...config } }),
    ).rejects.toThrow(message);
  });

  it("says so where the file holds weights alone, or no shape of the input", async () => {
    const alone = { format: "keras-h5" as const, layers: [], optimizer: [] };
    await expect(kerasNetwork(alone)).rejects.toThrow(/no configuration.*weights alone/);
    const unbuilt = { class_name: "Flatten", config: { name: "flat" } };
    await expect(convert(null, [unbuilt])).rejects.toThrow(/shape of the model's input/);
  });
});

describe("a configuration changed at random", () => {
  const odd = fc.constantFrom<unknown>(
    ...[null, -1, 0, 0.5, 3, 1e9, "", "x", "same", "channels_first", true, [], [0], [[1, 2]], {}],
    "__proto__",
  );
  /** A copy with the value at one place, counted over all values within, replaced. */
  function replaced(value: unknown, place: { left: number }, by: unknown): unknown {
    if (place.left-- === 0) return by;
    if (Array.isArray(value)) return value.map((one) => replaced(one, place, by));
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).map(([key, one]) => [key, replaced(one, place, by)]);
    return Object.fromEntries(entries);
  }

  it.each(["convolutions", "merges", "nested", "shapes", "three dimensions"])(
    "converts or fails in words: %s",
    async (name) => {
      const files = await Promise.all([
        openCase(`${name} (Keras 2, HDF5)`),
        openCase(`${name} (Keras 3, zip)`),
      ]);
      const change = fc.record({ place: fc.nat({ max: 400 }), odd, file: fc.nat({ max: 1 }) });
      const property = fc.asyncProperty(change, async ({ place, odd: by, file }) => {
        const config = replaced(files[file].config, { left: place }, by);
        try {
          await kerasNetwork({ ...files[file], config });
        } catch (error) {
          if (!(error instanceof RoentgenError)) throw error;
        }
      });
      await fc.assert(property, { numRuns: Number(process.env.FUZZ_RUNS ?? 60) * 2 });
    },
  );
});

const real = new URL("../../../../shared/data/weights/brain_tumour_cnn_keras.h5", import.meta.url);
describe.skipIf(!existsSync(real))("the brain tumour network", () => {
  it("converts, is summarised and predicts", async () => {
    const network = await kerasNetwork(
      await readKeras(memorySource(new Uint8Array(readFileSync(real)))),
    );
    expect(summary(network)).toContain(
      "conv0 (Conv2D)                  (None, 238, 238, 32)    4,736",
    );
    const data = new Float32Array(240 * 240 * 3).fill(0.5);
    const { fc: output } = await run(network, {
      input_1: { type: "float32", shape: [1, 240, 240, 3], data },
    });
    expect(output.shape).toEqual([1, 1]);
    // The same layers in PyTorch 1.13, by hand: expected/predict-brain-tumour.py.
    expect(output.data[0]).toBeCloseTo(0.4849623441696167, 6);
  });
});
