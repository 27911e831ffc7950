import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openBeside, readFileBytes, writeFilesWhole } from "#files";
import { memorySource } from "../../../src/base/index.ts";
import { encodeMessage } from "../../../src/onnx/file/write-message.ts";
import { decodeModel, graphBuilder, readModel, splitModel } from "../../../src/onnx/index.ts";

function sampleModel() {
  const graph = graphBuilder();
  for (const length of [2000, 3, 500]) {
    const data = Float32Array.from({ length }, (_, at) => at / 7);
    graph.constant({ type: "float32", shape: [length], data }, "w");
  }
  return graph.build();
}

const files = (content: Record<string, Uint8Array>) => async (location: string) =>
  memorySource(content[location], location);

/** A model of one float32 tensor [4] at a place in other files. */
function modelAt(entries: Record<string, string>, times = 1) {
  const externalData = Object.entries(entries).map(([key, value]) => ({ key, value }));
  const tensor = { name: "w", dims: [4], dataType: 1, dataLocation: 1, externalData };
  return encodeMessage("ModelProto", { graph: { initializer: new Array(times).fill(tensor) } });
}

describe("A model with tensors in another file", () => {
  it("is read as it was before it was split", async () => {
    const model = sampleModel();
    const split = splitModel(model, { location: "model.data" });
    const data = Buffer.concat(split.data);
    expect(split.model.length).toBeLessThan(1000);
    expect(data.length).toBe(2 * 4096 + 2000);
    expect(await readModel(split.model, { openSibling: files({ "model.data": data }) })).toEqual(
      model,
    );
  });

  it("says how to open it when it is read without them", () => {
    const { model } = splitModel(sampleModel(), { location: "model.data" });
    expect(() => decodeModel(model)).toThrow(/readModel/);
  });

  it("is read from a folder, and a missing file is named", async () => {
    const folder = await mkdtemp(join(tmpdir(), "roentgen-"));
    try {
      const model = sampleModel();
      const { model: content, data } = splitModel(model, { location: "w.bin" });
      const path = join(folder, "m.onnx");
      await writeFilesWhole([
        { path, content },
        { path: join(folder, "w.bin"), content: data },
      ]);
      const open = { openSibling: openBeside(path) };
      expect(await readModel(await readFileBytes(path), open)).toEqual(model);
      await rm(join(folder, "w.bin"));
      await expect(readModel(await readFileBytes(path), open)).rejects.toThrow(/w\.bin/);
      await writeFile(join(folder, "w.bin"), "short");
      await expect(readModel(await readFileBytes(path), open)).rejects.toThrow(/5 in w\.bin/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("reads bytes that two tensors share once", async () => {
    const data = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);
    const model = await readModel(modelAt({ location: "w" }, 3), {
      openSibling: files({ w: data }),
    });
    const [first, , third] = model.graph.initializers;
    expect(first.data).toEqual(Float32Array.of(1, 2, 3, 4));
    expect(third.data.length).toBe(4);
  });

  it.each([
    ["../w", {}],
    ["/etc/passwd", {}],
    ["a/../../w", {}],
    ["C:\\w", {}],
    ["file://w", {}],
    ["", {}],
    ["w", { offset: "-4" }],
    ["w", { offset: "1e30" }],
    ["w", { offset: "4" }],
    ["w", { length: "15" }],
  ])("is refused at %j %j", async (location, more) => {
    const opened: string[] = [];
    const openSibling = async (name: string) => {
      opened.push(name);
      return memorySource(new Uint8Array(16), name);
    };
    const reading = readModel(modelAt({ location, ...more }), { openSibling });
    await expect(reading).rejects.toMatchObject({ code: "file-corrupt", detail: { subject: "w" } });
    expect(opened.filter((name) => name !== "w")).toEqual([]);
  });

  it("is refused where many tensors take overlapping parts", async () => {
    const tensors = Array.from({ length: 100 }, (_, at) => ({
      name: `w${at}`,
      dims: [4],
      dataType: 1,
      dataLocation: 1,
      externalData: [
        { key: "location", value: "w" },
        { key: "offset", value: String(at) },
      ],
    }));
    const bytes = encodeMessage("ModelProto", { graph: { initializer: tensors } });
    const reading = readModel(bytes, { openSibling: files({ w: new Uint8Array(120) }) });
    await expect(reading).rejects.toThrow(/overlap/);
  });
});
