import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memorySource, RoentgenError } from "../../../src/base/index.ts";
import {
  readKeras,
  readWeights,
  type StoredTensor,
  weightsFormatOfFile,
} from "../../../src/formats/index.ts";
import { mutate, mutation, withAllocationLimit } from "../mutations.ts";

type Described = { type: string; shape: number[]; values: string[] };

interface Sample {
  readonly base64: string;
  readonly format: string;
  readonly layers: [name: string, weights: [name: string, array: Described][]][];
}

const { files }: { files: Record<string, Sample> } = JSON.parse(
  readFileSync(new URL("./expected/keras-files.json", import.meta.url), "utf8"),
);
const bytesOf = (name: string) => new Uint8Array(Buffer.from(files[name].base64, "base64"));
const sourceOf = (name: string) => memorySource(bytesOf(name), `${name}.h5`);

async function describeTensor(tensor: StoredTensor): Promise<[string, Described]> {
  const { data } = await tensor.read();
  const { storedAs, shape } = tensor;
  const values = Array.from(data as ArrayLike<number>, (value) =>
    storedAs === "bool" ? (value ? "True" : "False") : String(value),
  );
  return [tensor.name, { type: storedAs, shape: [...shape], values }];
}

/** Python writes 1.0 where JavaScript writes 1, and 1e-05 for 0.00001. */
const normalised = ([name, { type, shape, values }]: [string, Described]) => [
  name,
  { type, shape, values: values.map((text) => (type === "bool" ? text : Number(text))) },
];

describe("a Keras file", () => {
  it.each(Object.keys(files))("%s gives its layers and weights", async (name) => {
    const { format, layers } = await readKeras(sourceOf(name));
    const found = await Promise.all(
      layers.map(async (layer) => [
        layer.name,
        (await Promise.all(layer.weights.map(describeTensor))).map(normalised),
      ]),
    );
    expect(found).toEqual(files[name].layers.map(([layer, all]) => [layer, all.map(normalised)]));
    expect(format).toBe(files[name].format);
    expect(await weightsFormatOfFile(sourceOf(name))).toBe(files[name].format);
  });

  it("tells classes, version and configuration where it has them", async () => {
    const { layers, kerasVersion, config, optimizer } = await readKeras(
      sourceOf("model-of-keras-2"),
    );
    expect(layers.map(({ className }) => className)).toEqual(["Conv2D", "Flatten", "Dense"]);
    expect(kerasVersion).toBe("2.9.0");
    expect(config).toMatchObject({ class_name: "Sequential" });
    expect((await optimizer[0].read()).data).toEqual(BigInt64Array.of(12n));
  });

  it("gives weights by name, without the optimiser's unless asked for", async () => {
    const { tensors, parts } = await readWeights(sourceOf("model-of-keras-2"));
    expect([...tensors.keys()]).toEqual([
      "conv/kernel:0",
      "conv/bias:0",
      "dense/kernel:0",
      "dense/bias:0",
    ]);
    expect(parts).toEqual(["optimizer"]);
    const { tensors: state } = await readWeights(sourceOf("model-of-keras-2"), {
      part: "optimizer",
    });
    expect([...state.keys()]).toEqual(["Adam/iterations:0"]);
    const archive = await readWeights(sourceOf("archive-of-keras-3"));
    expect([...archive.tensors.keys()].slice(0, 2)).toEqual([
      "second_to_none/vars/0",
      "second_to_none/vars/1",
    ]);
  });

  it("that was cut off is told by its length", async () => {
    const whole = bytesOf("model-of-keras-2");
    const half = memorySource(whole.subarray(0, whole.length / 2), "half.h5");
    await expect(readWeights(half)).rejects.toMatchObject({
      code: "file-truncated",
      message: expect.stringContaining(
        `expected ${whole.length} bytes, found ${Math.floor(whole.length / 2)}`,
      ),
    });
  });

  it.each(["model-of-keras-2", "archive-of-keras-3"])(
    "%s damaged reads or fails in words",
    async (name) => {
      const original = bytesOf(name);
      const mutations = fc.array(mutation, { minLength: 1, maxLength: 4 });
      const property = fc.asyncProperty(mutations, async (changes) => {
        try {
          const source = memorySource(mutate(original, changes), name);
          for (const tensor of (await readWeights(source)).tensors.values()) await tensor.read();
        } catch (error) {
          if (!(error instanceof RoentgenError)) throw error;
        }
      });
      const numRuns = Number(process.env.FUZZ_RUNS ?? 60);
      await withAllocationLimit(() => fc.assert(property, { numRuns }));
    },
  );

  const real = new URL(
    "../../../../shared/data/weights/brain_tumour_cnn_keras.h5",
    import.meta.url,
  );
  it.skipIf(!existsSync(real))("of a brain tumour network has its nine layers", async () => {
    const source = memorySource(new Uint8Array(readFileSync(real)));
    const { layers, optimizer } = await readKeras(source);
    expect(layers.map(({ name }) => name)).toEqual(
      "input_1 zero_padding2d conv0 bn0 activation max_pool0 max_pool1 flatten fc".split(" "),
    );
    expect(layers[2].weights.map(({ shape }) => shape)).toEqual([[7, 7, 3, 32], [32]]);
    expect(optimizer).toHaveLength(19);
  });
});
