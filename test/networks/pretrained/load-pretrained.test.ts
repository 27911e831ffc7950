// Files in the layouts of the libraries that publish weights (expected/make-pretrained.py).

import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { openSession } from "#session";
import { memorySource, rowMajorStrides, type Tensor } from "../../../src/base/index.ts";
import { writeSafetensors } from "../../../src/formats/index.ts";
import {
  activation,
  addHead,
  architecture,
  architectureNames,
  batchNormalisation,
  buildArchitecture,
  buildPretrained,
  classificationHead,
  convolution,
  dense,
  flatten,
  knownWeights,
  type Layer,
  loadPretrained,
  maxPool,
  type Network,
  openWeights,
  parameterValues,
  saveWeights,
  sequential,
  weightsFolder,
} from "../../../src/networks/index.ts";
import { encodeModel } from "../../../src/onnx/index.ts";
import { filled, generated } from "../architectures/generated-weights.ts";

const folder = new URL("expected/", import.meta.url);
const expected = JSON.parse(readFileSync(new URL("small.json", folder), "utf8"));
const bytesOf = (file: string) => new Uint8Array(readFileSync(new URL(file, folder)));
const open = (file: string) => memorySource(bytesOf(file), file);

const conv = (name: string, filters: number) =>
  convolution({ filters, kernel: 3, padding: "same", name });

const body = (): Layer[] => [
  conv("block1_conv1", 4),
  batchNormalisation({ name: "block1_bn", epsilon: 1e-3 }),
  activation("relu"),
  maxPool(),
  conv("block2_conv1", 6),
  activation("relu"),
];

const withTop = (classes: number) =>
  sequential(
    [
      ...body(),
      flatten(),
      dense({ units: 5, activation: "relu", name: "fc1" }),
      dense({ units: classes, name: "predictions" }),
    ],
    { input: [3, 8, 6] },
  );

const withoutTop = (channels = 3) => sequential(body(), { input: [channels, 8, 6] });

async function outputOf({ model }: Network, x: readonly number[], channels = 3) {
  const session = await openSession(encodeModel(model));
  const data = Float32Array.from(x);
  const { output } = await session.run({
    input: { type: "float32", shape: [2, channels, 8, 6], data },
  });
  await session.close();
  return Array.from(output.data as Float32Array);
}

const float32 = (name: string, shape: readonly number[], data: Tensor["data"]) => ({
  name,
  tensor: { dtype: "float32", shape, strides: rowMajorStrides(shape), data } as Tensor,
});

/** The network's parameters under other names. */
const tensorsOf = (network: Network, rename: (name: string) => string) =>
  Object.entries(parameterValues(network)).map(([name, { shape, data }]) =>
    float32(rename(name), shape, data as Float32Array),
  );

function expectClose(found: readonly number[], wanted: readonly number[]) {
  expect(found.length).toBe(wanted.length);
  const largest = Math.max(...wanted.map(Math.abs));
  const worst = Math.max(...found.map((one, at) => Math.abs(one - wanted[at])));
  expect(worst / largest).toBeLessThan(1e-5);
}

const FILES = [
  "small-keras-1.h5",
  "small-keras-2.h5",
  "small.weights.h5",
  "small-unnamed.weights.h5",
  "small.pth",
  "small-module.pt",
  "small.safetensors",
  "small.onnx",
];

describe("Weights in the layout of", () => {
  it.each(FILES)("%s give what they gave", async (file) => {
    const { network, report } = await loadPretrained(withTop(7), open(file));
    expect(report.matched).toHaveLength(12);
    expect([report.fresh, report.unused, report.clashes]).toEqual([[], [], []]);
    expectClose(await outputOf(network, expected.x), expected.y);
  });

  it.each(FILES)("%s leave their classes out of a network for others", async (file) => {
    const { network, report } = await loadPretrained(withTop(2), open(file));
    expect(report.fresh).toEqual(["predictions.weight", "predictions.bias"]);
    expect(report.notes.join(" ")).toMatch(/Left out of the file: 2 weights/);
    const before = parameterValues(withTop(2))["predictions.weight"];
    expect(parameterValues(network)["predictions.weight"]).toEqual(before);
  });

  it.each([...FILES.slice(0, 3), ...FILES.slice(4), "small-keras-1-notop.h5"])(
    "%s go under a new head",
    async (file) => {
      const { network } = await loadPretrained(withoutTop(), open(file));
      expectClose(await outputOf(network, expected.x), expected.features);
      const headed = addHead(withoutTop(), { head: classificationHead({ outputs: 1 }) });
      const { report } = await loadPretrained(headed, open(file));
      expect(report.fresh).toEqual([
        "dense.weight",
        "dense.bias",
        "dense_1.weight",
        "dense_1.bias",
      ]);
    },
  );

  it.each(["small-keras-1.h5", "small.pth", "small.onnx"])(
    "%s take grey images as they took them in colour",
    async (file) => {
      const { network, report } = await loadPretrained(withoutTop(1), open(file));
      expectClose(await outputOf(network, expected.grey, 1), expected.greyFeatures);
      expect(report.adapted).toEqual([
        { parameter: "block1_conv1.weight", from: 3, to: 1, rule: "sum" },
      ]);
      expect(report.notes).toContain(
        "block1_conv1.weight is for 1 channel, in the file for 3: their sum was shared out.",
      );
      const five = await loadPretrained(withoutTop(5), open(file));
      const slices = new Array(5).fill(expected.grey.slice(0, 48)).flat();
      const others = new Array(5).fill(expected.grey.slice(48)).flat();
      expectClose(await outputOf(five.network, [...slices, ...others], 5), expected.greyFeatures);
      const mean = await loadPretrained(withoutTop(1), open(file), { channels: "mean" });
      const [sum, third] = [network, mean.network].map(
        (one) => parameterValues(one)["block1_conv1.weight"].data as Float32Array,
      );
      expect(third[4]).toBeCloseTo(sum[4] / 3, 6);
    },
  );
});

describe("Weights of another architecture", () => {
  it.each(["small-keras-1.h5", "small.pth", "small.weights.h5"])(
    "in %s are refused by name",
    async (file) => {
      const deeper = sequential([...body(), conv("block3_conv1", 6), conv("block4_conv1", 8)], {
        input: [3, 8, 6],
      });
      const between = sequential([conv("stem", 3), ...body()], { input: [3, 8, 6] });
      await expect(loadPretrained(between, open(file))).rejects.toThrow(
        /not those of the network: .*2 missing in the file \(stem\.weight, stem\.bias\)/,
      );
      const wider = sequential([...body().with(0, conv("block1_conv1", 8))], { input: [3, 8, 6] });
      await expect(loadPretrained(wider, open(file))).rejects.toThrow(
        /of another shape \(block1_conv1\.weight \[8, 3, 3, 3\] against/,
      );
      // Layers behind the last one of the file are new, whatever they are.
      const { report } = await loadPretrained(deeper, open(file));
      expect(report.fresh[0]).toBe("block3_conv1.weight");
    },
  );

  it("are refused where nothing matches", async () => {
    const other = sequential([dense({ units: 9 })], { input: [2] });
    await expect(loadPretrained(other, open("small.pth"))).rejects.toThrow(/do not fit/);
  });

  it.each([
    ["no weights at all", /found a file that begins otherwise/],
    ["<!DOCTYPE html><html><title>404 Not found</title></html>", /found a web page/],
    ["version https://git-lfs.github.com/spec/v1\noid sha256:4d7a", /found a Git LFS pointer/],
    ["", /found an empty file/],
  ])("are told from %j", async (text, found) => {
    const source = memorySource(new TextEncoder().encode(text), "a.pth");
    await expect(loadPretrained(withoutTop(), source)).rejects.toThrow(found);
  });
});

describe("A named architecture", () => {
  const published = (name: string) =>
    saveWeights(filled(buildArchitecture(name, { reference: "torchvision", initialise: false })));
  const bytes = published("resnet18");

  it("finds the implementation by the names, and takes other channels and classes", async () => {
    const { network, reference, report } = await buildPretrained(
      "resnet18",
      memorySource(bytes, "mine.safetensors"),
      { input: [1, 64, 64], classes: 2 },
    );
    expect(reference).toBe("torchvision");
    expect(report.fresh).toEqual(["fc.weight", "fc.bias"]);
    expect(report.adapted).toEqual([{ parameter: "conv1.weight", from: 3, to: 1, rule: "sum" }]);
    expect(report.verified.note).toMatch(/origin was not checked/);
    expect(network.model.graph.outputs[0].shape).toEqual(["N", 2]);
  });

  it.each([
    ["densenet121", "torchvision"],
    ["densenet121", "keras"],
    ["densenet121", "torchxrayvision"],
    ["efficientnet_b0", "torchvision"],
    ["efficientnet_b0", "keras"],
    ["mobilenet_v3_small", "keras"],
    ["vit_s16", "timm"],
    ["resnet3d_18", "torchvision"],
  ] as const)("%s of %s is told from the others", async (name, reference) => {
    const options = { reference, initialise: false };
    const file = saveWeights(buildArchitecture(name, options));
    const built = await buildPretrained(name, memorySource(file, "mine.safetensors"), {
      includeTop: false,
    });
    expect(built.reference).toBe(reference);
    expect([built.report.fresh, built.report.clashes, built.report.missing]).toEqual([[], [], []]);
    expect(built.report.notes[1]).toMatch(/Left out of the file/);
  });

  it.each([
    ["densenet121", "torchvision", (name: string) => name.replace(/(norm|conv)([12])\./, "$1.$2.")],
    [
      "mobilenet_v3_small",
      "keras",
      (name: string) =>
        name
          .replace(/^(conv|logits)/, (first) => first[0].toUpperCase() + first.slice(1))
          .replace(/_bn\./, "/BatchNorm.")
          .replace(/(excite)_conv/, "$1/Conv")
          .replace(/_(expand|depthwise|squeeze|project)(?=[_./])/, "/$1")
          .replace("depthwise.weight", "depthwise.depthwise_kernel")
          .replace("BatchNorm.weight", "BatchNorm.gamma")
          .replace("BatchNorm.bias", "BatchNorm.beta")
          .replace("running_mean", "moving_mean")
          .replace("running_var", "moving_variance")
          .replace(".weight", ".kernel")
          .replace(/^(.*)\.(\w+)$/, "$1/$1/$2:0"),
    ],
  ] as const)("%s of %s takes weights by the names of old", async (name, reference, old) => {
    const network = filled(buildArchitecture(name, { reference, initialise: false }));
    const source = memorySource(writeSafetensors(tensorsOf(network, old)), "old.safetensors");
    const built = await buildPretrained(name, source, { reference });
    expect(parameterValues(built.network)).toEqual(parameterValues(network));
  });

  it("is found within a network that had a head of its own", async () => {
    const trained = filled(buildArchitecture("resnet18", { includeTop: false, initialise: false }));
    const head = { "mlp.0.weight": [4, 512], "mlp.0.bias": [4], "mlp.2.weight": [2, 4] };
    const tensors = [
      ...tensorsOf(trained, (name) => `cnn.${name}`),
      ...Object.entries(head).map(([name, shape]) => float32(name, shape, generated(name, shape))),
    ];
    const source = memorySource(writeSafetensors(tensors), "mine.safetensors");
    const { network, report } = await buildPretrained("resnet18", source, { includeTop: false });
    expect(parameterValues(network)).toEqual(parameterValues(trained));
    expect(report.unused.toSorted()).toEqual(Object.keys(head).toSorted());
  });

  it("takes layers that Keras only numbered in their order, and says so", async () => {
    const options = { input: [1, 16, 16] };
    const trained = filled(buildArchitecture("cnn", { ...options, initialise: false }));
    const numbered = (name: string) =>
      name.replace(
        /^(.*)\.(.*)$/,
        (_, layer, part) => `a_${layer}/vars/${Number(part === "bias")}`,
      );
    const source = memorySource(writeSafetensors(tensorsOf(trained, numbered)), "mine.safetensors");
    const { network, report } = await buildPretrained("cnn", source, options);
    expect(parameterValues(network)).toEqual(parameterValues(trained));
    expect(report.notes[1]).toMatch(/names say nothing.*in their order/);
    const others = writeSafetensors(tensorsOf(trained, (name) => `a${name.replaceAll(".", "_")}`));
    await expect(
      buildPretrained("cnn", memorySource(others, "others.safetensors"), options),
    ).rejects.toThrow(/4 missing in the file.*8 of the file unused.*Choose the architecture/);
  });

  it("refuses those of a deeper one, though all of its own names are there", async () => {
    await expect(
      buildPretrained("resnet34", memorySource(bytes, "resnet18.safetensors")),
    ).rejects.toThrow(/not those of ResNet-34 as torchvision has it: .*missing.*layer1\.2\.conv1/);
    await expect(
      buildPretrained("resnet18", memorySource(published("resnet34"), "resnet34.safetensors")),
    ).rejects.toThrow(/of the file unused \(.*layer\d\.\d/);
    await expect(
      buildPretrained("vgg16", memorySource(bytes, "resnet18.safetensors")),
    ).rejects.toThrow(/not those of VGG-16/);
  });
});

describe("Known weights", () => {
  const cache = mkdtempSync(join(tmpdir(), "roentgen-cache-"));
  afterAll(() => rmSync(cache, { recursive: true }));
  afterEach(() => vi.unstubAllEnvs());

  it("are of architectures that are there, by references that they have", () => {
    for (const { file, architecture: name, reference, url, md5, sha256 } of knownWeights) {
      expect(url.startsWith("https://"), file).toBe(true);
      expect(md5 ?? "0".repeat(32), file).toMatch(/^[0-9a-f]{32}$/);
      expect(sha256 ?? "0".repeat(8), file).toMatch(/^[0-9a-f]{8,64}$/);
      expect(architectureNames, file).toContain(name);
      expect(architecture(name).references, file).toContain(reference);
    }
    const names = knownWeights.map(({ file }) => file);
    expect(new Set(names).size).toBe(names.length);
  });

  it("are looked for in the user's cache, and the command that fetches them is said", async () => {
    vi.stubEnv("XDG_CACHE_HOME", cache);
    if (process.platform === "linux") expect(weightsFolder()).toBe(`${cache}/roentgen/weights`);
    const file = "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5";
    const command = `curl --create-dirs -L -o "${weightsFolder()}/${file}" "https://storage.googleapis.com/tensorflow/keras-applications/vgg16/${file}"`;
    await expect(openWeights(file)).rejects.toMatchObject({
      code: "file-not-found",
      detail: { remedy: `Fetch it with ${command}` },
    });
    await expect(openWeights("./none/x.pth")).rejects.toThrow(/no weights at \.\/none\/x\.pth/);
    const path = join(cache, "x.pth");
    writeFileSync(path, bytesOf("small.pth"));
    const source = await openWeights(path);
    expect(source.byteLength).toBe(bytesOf("small.pth").byteLength);
    await source.close();
  });

  it("are refused where they are not what was published", async () => {
    for (const name of ["resnet18-f37072fd.pth", "vgg16_weights_tf_dim_ordering_tf_kernels.h5"]) {
      const source = memorySource(bytesOf("small.pth"), `/somewhere/${name}`);
      await expect(loadPretrained(withTop(7), source)).rejects.toMatchObject({
        code: "file-corrupt",
        message: expect.stringMatching(/not the file that was published.*(SHA-256|MD5) .*curl/),
      });
    }
  });

  it("are taken where they are", async () => {
    const own = bytesOf("small.pth");
    const sha256 = createHash("sha256").update(own).digest("hex").slice(0, 8);
    const md5 = createHash("md5").update(own).digest("hex");
    const { url, ...facts } = knownWeights[0];
    for (const hash of [{ sha256 }, { md5 }]) {
      const entry = { ...facts, url, md5: undefined, ...hash, file: "small-published.pth" };
      (knownWeights as unknown[]).push(entry);
      const source = memorySource(own, "small-published.pth");
      const { report } = await loadPretrained(withTop(7), source);
      (knownWeights as unknown[]).pop();
      expect(report.verified).toMatchObject({ by: Object.keys(hash)[0], known: entry });
      expect(report.notes[0]).toMatch(/is the file that was published/);
    }
  });
});
