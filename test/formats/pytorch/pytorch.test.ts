import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memorySource, RoentgenError, type Tensor } from "../../../src/base/index.ts";
import { dataInLayout } from "../../../src/formats/elements/layout.ts";
import { readPytorch, readWeights, weightsFormatOfFile } from "../../../src/formats/index.ts";
import { mutate, mutation, withAllocationLimit } from "../mutations.ts";

interface Sample {
  readonly base64: string;
  readonly tensors: Record<string, { type: string; shape: number[]; values: string[] }>;
}

const { files }: { files: Record<string, Sample> } = JSON.parse(
  readFileSync(new URL("./expected/pytorch-files.json", import.meta.url), "utf8"),
);
const bytesOf = (name: string) => new Uint8Array(Buffer.from(files[name].base64, "base64"));
const sourceOf = (name: string) => memorySource(bytesOf(name), `${name}.pth`);
const readable = Object.keys(files).filter((name) => !name.startsWith("quantised."));

/** float32 for bfloat16 and numbers with imaginary parts side by side, as the script wrote them. */
function textsOf(tensor: Tensor): (number | bigint)[] {
  return Array.from(dataInLayout(tensor, "row-major") as ArrayLike<number | bigint>);
}

function parsed(text: string): number | bigint {
  if (text === "True" || text === "False") return Number(text === "True");
  return Number(text);
}

describe("a file of torch.save", () => {
  it.each(readable)("%s gives the tensors PyTorch put into it", async (name) => {
    const { tensors } = await readPytorch(sourceOf(name));
    const expected = files[name].tensors;
    expect([...tensors.keys()].sort()).toEqual(Object.keys(expected).sort());
    for (const [key, { type, shape, values }] of Object.entries(expected)) {
      const stored = tensors.get(key)!;
      expect([stored.storedAs, stored.shape]).toEqual([type, shape]);
      const tensor = await stored.read();
      expect(tensor.dtype).toBe(type === "bfloat16" ? "float32" : type);
      const wide = tensor.dtype === "int64" ? BigInt : parsed;
      expect([key, textsOf(tensor)]).toEqual([key, values.map(wide)]);
    }
  });

  it.each(Object.keys(files))("%s is known by its bytes", async (name) => {
    expect(await weightsFormatOfFile(sourceOf(name))).toBe("pytorch");
  });

  it("keeps strides: a view is read without a copy", async () => {
    const { tensors } = await readPytorch(sourceOf("views.zip"));
    const transposed = await tensors.get("transposed")!.read();
    expect(transposed.strides).toEqual([1, 12, 4]);
    expect((await tensors.get("row")!.read()).data).toHaveLength(12);
    expect((await tensors.get("expanded")!.read()).data).toHaveLength(2);
  });

  it("tells a checkpoint's network from its optimiser and plain values", async () => {
    const file = await readWeights(sourceOf("checkpoint.zip"));
    expect(file.part).toBe("state_dict");
    expect(file.parts).toEqual(["state_dict", "optimizer"]);
    expect(file.tensors.has("features.0.weight")).toBe(true);
    expect(file.metadata).toMatchObject({ epoch: "12", arch: "net", best: "0.875" });
    const optimizer = await readWeights(sourceOf("checkpoint.zip"), { part: "optimizer" });
    expect(optimizer.tensors.get("state.0.exp_avg")?.shape).toEqual([2, 1, 3, 3]);
    await expect(readWeights(sourceOf("checkpoint.zip"), { part: "ema" })).rejects.toThrow(
      /"ema".*expected one of state_dict, optimizer/,
    );
  });

  it("says what only code could make, and refuses quantised numbers by name", async () => {
    const { notes, tensors } = await readPytorch(sourceOf("quantised_beside.zip"));
    expect([...tensors.keys()]).toEqual(["a"]);
    expect(notes.join()).toContain("torch._utils._rebuild_sparse_tensor");
    await expect(readPytorch(sourceOf("quantised.zip"))).rejects.toThrow(/_rebuild_qtensor/);
  });
});

describe("a damaged file of torch.save", () => {
  const runs = { numRuns: Number(process.env.FUZZ_RUNS ?? 60) };

  it.each(["checkpoint.zip", "checkpoint.legacy", "views.legacy", "module.protocol4", "kinds.zip"])(
    "%s reads or fails in words, with no other error, hang or huge allocation",
    async (name) => {
      const original = bytesOf(name);
      const mutations = fc.array(mutation, { minLength: 1, maxLength: 4 });
      const property = fc.asyncProperty(mutations, async (changes) => {
        try {
          const source = memorySource(mutate(original, changes), name);
          for (const tensor of (await readPytorch(source)).tensors.values()) await tensor.read();
        } catch (error) {
          if (!(error instanceof RoentgenError)) throw error;
          expect(error.message.length).toBeLessThan(600);
        }
      });
      await withAllocationLimit(() => fc.assert(property, runs));
    },
  );
});
