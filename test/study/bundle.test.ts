import fc from "fast-check";
import { strFromU8, strToU8, unzipSync, type Zippable, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { RoentgenError } from "../../src/base/index.ts";
import { loadTensor, storeTensor } from "../../src/study/bundle/stored-tensor.ts";
import { loadTestVector } from "../../src/study/bundle/test-vector.ts";
import { manifestHash } from "../../src/study/bundle/write.ts";
import {
  type BundleParts,
  readBundle,
  type TableDescription,
  verifyTestVector,
  writeBundle,
} from "../../src/study/index.ts";
import { filmDescription } from "./image-descriptions.ts";

const description: TableDescription = {
  kind: "table",
  name: "Lesions: benign or malignant",
  learner: "random forest",
  target: {
    task: "classification",
    name: "diagnosis",
    classes: [
      { name: "benign", snomed: { code: "30807003", display: "Benign neoplasm" } },
      { name: "malignant" },
    ],
    threshold: 0.5,
  },
  inputs: [
    { kind: "number", name: "area", unit: "mm²", minimum: 12.5, maximum: 900, missing: 0 },
    { kind: "category", name: "site", categories: ["A", "B"], missing: 0.1 },
  ],
  preprocessing: [{ name: "impute", parameters: { strategy: "median" }, insideModel: true }],
  tensors: { input: "features", scores: "probabilities", label: "label" },
  metrics: [
    {
      name: "accuracy",
      label: "Accuracy",
      value: 0.96,
      low: 0.91,
      high: 0.99,
      level: 0.95,
      n: 114,
      method: "Wilson",
    },
  ],
  training: { rows: 455, patients: 300 },
  data: [{ name: "table.csv", bytes: 10, sha256: "0".repeat(64) }],
  versions: { roentgen: "0.1.0" },
  seed: 0,
};

const parts: BundleParts = {
  description,
  model: Uint8Array.from({ length: 3000 }, (_, index) => (index * index) % 251),
  card: "# Lesions\n\nFor research.",
  testVector: {
    inputs: {
      features: {
        type: "float32",
        shape: [2, 2],
        data: Float32Array.of(1, Number.NaN, -3.5, Infinity),
      },
    },
    outputs: {
      probabilities: { type: "float32", shape: [2, 2], data: Float32Array.of(0.25, 0.75, 1, 0) },
      label: { type: "string", shape: [2], data: ["malignant", "benign"] },
      count: { type: "int64", shape: [2], data: BigInt64Array.of(7n, -(2n ** 62n)) },
    },
  },
};

/** The bundle with its parts changed, zipped anew. */
async function altered(change: (files: Record<string, Uint8Array>) => void): Promise<Uint8Array> {
  const files = unzipSync(await writeBundle(parts));
  change(files);
  return zipSync(files as Zippable);
}

function editManifest(edit: (manifest: Record<string, unknown>) => void) {
  return altered((files) => {
    const manifest = JSON.parse(strFromU8(files["bundle.json"]));
    edit(manifest);
    files["bundle.json"] = strToU8(JSON.stringify(manifest));
  });
}

async function failure(work: Promise<unknown>): Promise<RoentgenError> {
  const error = await work.then(
    () => undefined,
    (cause) => cause,
  );
  expect(error).toBeInstanceOf(RoentgenError);
  return error as RoentgenError;
}

describe("a bundle", () => {
  it("comes back as it was written", async () => {
    const bundle = await readBundle(await writeBundle(parts));
    expect(bundle.manifest).toMatchObject(description);
    expect(bundle.model).toEqual(parts.model);
    expect(bundle.card).toBe(parts.card);
    expect(bundle.testVector).toEqual({ ...parts.testVector, tolerance: 1e-5 });
  });

  it("is the same bytes for the same model, whatever the order of keys and the time zone", async () => {
    const first = await writeBundle(parts);
    const { name, ...others } = description;
    const zone = process.env.TZ;
    process.env.TZ = "Pacific/Auckland";
    try {
      expect(await writeBundle({ ...parts, description: { ...others, name } })).toEqual(first);
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
    // MS-DOS time of the first entry: 1980-01-01 00:00.
    expect([...first.subarray(10, 14)]).toEqual([0, 0, 0x21, 0]);
  });

  it("of a model of images comes back as it was written", async () => {
    const bundle = await readBundle(await writeBundle({ ...parts, description: filmDescription }));
    expect(bundle.manifest).toMatchObject(filmDescription);
  });

  it("of the first schema version, which knew tables alone, still opens", async () => {
    const files = unzipSync(await writeBundle(parts));
    const { kind: _, sha256: __, ...stated } = JSON.parse(strFromU8(files["bundle.json"]));
    const first = { ...stated, schemaVersion: 1 };
    const manifest = { ...first, sha256: await manifestHash(first) };
    files["bundle.json"] = strToU8(JSON.stringify(manifest));
    const bundle = await readBundle(zipSync(files as Zippable));
    expect(bundle.manifest).toMatchObject({ ...description, kind: "table", schemaVersion: 2 });
    manifest.seed = 8;
    files["bundle.json"] = strToU8(JSON.stringify(manifest));
    expect((await failure(readBundle(zipSync(files as Zippable)))).code).toBe("file-corrupt");
  });

  it("refuses a description that breaks a rule when it is written", async () => {
    const work = writeBundle({ ...parts, description: { ...description, seed: -1 } });
    expect((await failure(work)).message).toContain('Option "seed" of the bundle');
  });
});

describe("readBundle refuses", () => {
  it.each(["model.onnx", "card.md", "test-vector.json"])("a changed %s", async (part) => {
    const bytes = await altered((files) => {
      files[part] = files[part].slice();
      files[part][files[part].length - 2] ^= 1;
    });
    const error = await failure(readBundle(bytes, "m.roentgen"));
    expect(error.code).toBe("file-corrupt");
    expect(error.message).toContain(`"${part}" of m.roentgen is not what its bundle was made with`);
  });

  it.each(["bundle.json", "model.onnx", "card.md", "test-vector.json"])(
    "a missing %s",
    async (part) => {
      const bytes = await altered((files) => delete files[part]);
      expect((await failure(readBundle(bytes))).message).toContain(`expected a part "${part}"`);
    },
  );

  it("a part it does not know, so that no path leads out", async () => {
    const bytes = await altered((files) => {
      files["../../.bashrc"] = strToU8("echo");
    });
    const error = await failure(readBundle(bytes));
    expect(error.message).toContain('found "../../.bashrc"');
    expect(error.code).toBe("file-corrupt");
  });

  it("a schema version that is newer than it knows", async () => {
    const bytes = await editManifest((manifest) => {
      manifest.schemaVersion = 3;
      manifest.somethingNew = true;
    });
    const error = await failure(readBundle(bytes));
    expect(error.code).toBe("format-unsupported");
    expect(error.message).toContain("update Roentgen");
  });

  it.each([
    ["no inputs", "inputs", []],
    ["one class", "target", { task: "classification", name: "y", classes: [{ name: "a" }] }],
    ["a hash that is none", "parts", { "model.onnx": { bytes: 1, sha256: "xyz" } }],
    ["another format", "format", "zip"],
    ["an unknown kind", "kind", "sound"],
    ["the kind of another model", "kind", "image"],
  ])("a manifest with %s", async (_, key, value) => {
    const bytes = await editManifest((manifest) => {
      manifest[key] = value;
    });
    expect((await failure(readBundle(bytes))).code).toBe("file-corrupt");
  });

  it("a zip bomb, before unpacking it", async () => {
    const bytes = await altered((files) => {
      files["card.md"] = new Uint8Array(17 * 2 ** 20);
    });
    const error = await failure(readBundle(bytes));
    expect(error.code).toBe("too-large");
    expect(error.message).toContain('Cannot unpack "card.md"');
  });

  it("a claim of 4 GB in a few hundred bytes", async () => {
    const bytes = await writeBundle(parts);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at < bytes.length - 4; at++) {
      // The central directory's entries hold the unpacked size at 24.
      if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 0xfffffffe, true);
    }
    expect((await failure(readBundle(bytes))).code).toBe("too-large");
  });

  it("a claim smaller than what is packed", async () => {
    const bytes = await writeBundle(parts);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at < bytes.length - 4; at++) {
      if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 5, true);
    }
    expect((await failure(readBundle(bytes))).code).toBe("file-corrupt");
  });

  it("what is no bundle", async () => {
    expect((await failure(readBundle(strToU8("hello")))).code).toBe("format-unknown");
    expect((await failure(readBundle(new Uint8Array(0)))).code).toBe("format-unknown");
  });

  it("every truncation and every flipped byte that matters, with a clear error", async () => {
    const bytes = await writeBundle(parts);
    const original = await readBundle(bytes);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(bytes.length - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        async (at, mask, truncates) => {
          const damaged = truncates ? bytes.slice(0, at) : bytes.slice();
          if (!truncates) damaged[at] ^= mask;
          const outcome = await readBundle(damaged).catch((cause) => cause);
          if (outcome instanceof Error) expect(outcome).toBeInstanceOf(RoentgenError);
          else expect(outcome).toEqual(original);
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe("verifyTestVector", () => {
  const run = async (
    change: (outputs: typeof parts.testVector.outputs) => object = (same) => same,
  ) => {
    const bundle = await readBundle(await writeBundle(parts));
    return verifyTestVector(bundle, async (inputs) => {
      expect(inputs).toEqual(parts.testVector.inputs);
      return change(parts.testVector.outputs) as never;
    });
  };
  const probabilities = (...values: number[]) => ({
    probabilities: { type: "float32", shape: [2, 2], data: Float32Array.from(values) },
  });

  it("passes a model that gives the same but for rounding", async () => {
    const close = (same: object) => ({ ...same, ...probabilities(0.250001, 0.75, 1, 0) });
    expect((await run(close)).largestDifference).toBeCloseTo(1e-6, 7);
    expect((await run()).largestDifference).toBe(0);
  });

  it.each([
    ["a value that differs", probabilities(0.26, 0.74, 1, 0)],
    ["NaN", probabilities(Number.NaN, 0.75, 1, 0)],
    [
      "another shape",
      { probabilities: { type: "float32", shape: [1, 2], data: new Float32Array(2) } },
    ],
    ["another label", { label: { type: "string", shape: [2], data: ["benign", "benign"] } }],
    ["a missing output", { label: undefined }],
  ])("refuses %s", async (_, wrong) => {
    const error = await failure(run((same) => ({ ...same, ...wrong })));
    expect(error.message).toContain("does not give what it gave when its bundle was made");
  });
});

describe("the description of a model of images", () => {
  const { input, target, unusual } = filmDescription;
  it.each<[string, object, string]>([
    [
      "four axes",
      { input: { preparation: { ...input.preparation, size: [1, 1, 1, 1] } } },
      "input.preparation.size",
    ],
    [
      "a size of nothing",
      { input: { preparation: { ...input.preparation, size: [0, 16] } } },
      "input.preparation.size.0",
    ],
    ["one class", { target: { ...target, classes: [{ name: "a" }] } }, "target.classes"],
    ["a threshold above 1", { target: { ...target, threshold: { value: 2, rule: "x" } } }, "value"],
    [
      "a label without a threshold",
      { target: { kind: "labels", name: "x", labels: [{ name: "a" }] } },
      "target.labels.0.threshold",
    ],
    [
      "a temperature of 0",
      { calibration: { method: "temperature", temperature: 0, n: 1 } },
      "calibration.temperature",
    ],
    ["no scores of images held out", { unusual: { ...unusual, scores: [] } }, "unusual.scores"],
    ["inputs of a table", { inputs: [] }, "inputs"],
  ])("refuses %s", async (_, wrong, subject) => {
    const work = writeBundle({ ...parts, description: { ...filmDescription, ...wrong } });
    expect((await failure(work)).message).toContain(subject);
  });
});

describe("a stored tensor", () => {
  it("of pixels takes a byte a value and comes back to the bit", () => {
    const data = Float32Array.from({ length: 70_000 }, (_, at) => ((at * 7) % 256) / 255);
    const tensor = { type: "float32", shape: [2, 35_000], data } as const;
    const stored = storeTensor(tensor) as { pixels: string };
    expect(stored.pixels.length).toBe(Math.ceil(70_000 / 3) * 4);
    expect(loadTensor(stored as never)).toEqual(tensor);
  });

  it("of any float32 values comes back to the bit", () => {
    const value = fc.oneof(
      fc.float(),
      fc.nat(255).map((byte) => Math.fround(byte / 255)),
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 200, maxLength: 300 }), (values) => {
        const data = Float32Array.from(values, (one) => (Object.is(one, -0) ? 0 : one));
        const tensor = { type: "float32", shape: [data.length], data } as const;
        expect(loadTensor(JSON.parse(JSON.stringify(storeTensor(tensor))))).toEqual(tensor);
      }),
    );
  });

  it("whose pixels do not fill its shape is refused", () => {
    expect(() => loadTensor({ type: "float32", shape: [3], pixels: "AAA=" })).toThrow(
      "expected 3 values for shape [3], found 2",
    );
  });
});

describe("a stored test vector", () => {
  const load = (type: string, data: unknown[], shape = [data.length]) =>
    loadTestVector({ tolerance: 0, inputs: { x: { type, shape, data } }, outputs: {} } as never);

  it.each([
    ["float32", ["abc"], "a number"],
    ["float64", ["1"], "a number"],
    ["int32", [1.5], "a whole number"],
    ["int64", [null], "a whole number"],
    ["int64", ["9x"], "a whole number"],
    ["bool", ["true"], "a whole number"],
    ["string", [1], "text"],
  ])("of %s refuses %j", (type, data, expected) => {
    expect(() => load(type, data)).toThrow(`expected ${expected}, found`);
  });

  it("refuses values that don't fill the shape", () => {
    expect(() => load("float32", [1, 2], [3])).toThrow("expected 3 values for shape [3]");
    expect(() => load("float32", [], [1e9, 1e9])).toThrow("found 0");
  });
});
