import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { memorySource } from "../../../src/base/index.ts";
import { readSafetensors, writeSafetensors } from "../../../src/formats/index.ts";
import { decodeModel } from "../../../src/onnx/index.ts";
import {
  convertWeights,
  inspectWeights,
  isWeights,
  isWeightsConversion,
} from "../../../src/tasks/index.ts";

describe("inspecting weights", () => {
  const folder = mkdtempSync(join(tmpdir(), "roentgen-weights-"));

  it("lists names, types and shapes, and counts the numbers", async () => {
    const path = join(folder, "a.safetensors");
    const data = new Float32Array(6);
    const tensor = { dtype: "float32" as const, shape: [2, 3], strides: [3, 1], data };
    const metadata = { epoch: "3" };
    writeFileSync(path, writeSafetensors([{ name: "w", tensor }], { metadata }));
    expect(await isWeights(path)).toBe(true);
    expect(await inspectWeights(path)).toMatchObject({
      ...{ format: "safetensors", parameterCount: 6, metadata },
      tensors: [{ name: "w", type: "float32", shape: [2, 3] }],
    });
  });

  it("takes no table, folder or missing file for weights", async () => {
    const path = join(folder, "a.csv");
    writeFileSync(path, "a,b\n1,2\n");
    expect(await isWeights(path)).toBe(false);
    expect(await isWeights(folder)).toBe(false);
    expect(await isWeights(join(folder, "none"))).toBe(false);
  });
});

describe("converting weights", () => {
  const folder = mkdtempSync(join(tmpdir(), "roentgen-networks-"));
  const samples = (path: string) =>
    JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8"));
  const checkpoint = join(folder, "checkpoint.pth");
  const model = join(folder, "model.keras");
  const { files } = samples("formats/pytorch/expected/pytorch-files.json");
  writeFileSync(checkpoint, Buffer.from(files["checkpoint.zip"].base64, "base64"));
  const { cases } = samples("networks/keras/expected/keras-models.json");
  const tutorial = Buffer.from(cases["tutorial (Keras 3, zip)"].gzip, "base64");
  writeFileSync(model, gunzipSync(tutorial));

  it("makes an ONNX file of a Keras model, and replaces none unasked", async () => {
    const to = join(folder, "model.onnx");
    expect(await isWeightsConversion(model, to)).toBe(true);
    expect((await convertWeights(model, to)).description).toBe("6 layers, 151 parameters");
    expect(decodeModel(readFileSync(to)).graph.inputs[0].shape).toEqual(["N", 8, 8, 1]);
    await expect(convertWeights(model, to)).rejects.toThrow(/already/);
  });

  it("makes safetensors of a checkpoint's network", async () => {
    const to = join(folder, "network.safetensors");
    await convertWeights(checkpoint, to);
    const { tensors, metadata } = await readSafetensors(memorySource(readFileSync(to)));
    expect(tensors.get("head.weight")?.shape).toEqual([3, 2]);
    expect(metadata.epoch).toBe("12");
  });

  it("says that weights alone are no network", async () => {
    const to = join(folder, "network.onnx");
    await expect(convertWeights(checkpoint, to)).rejects.toThrow(
      /weights alone.*torch.onnx.export/,
    );
  });
});
