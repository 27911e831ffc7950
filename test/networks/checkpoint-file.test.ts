// Checkpoints as files: they give back every bit, refuse damage, and survive a process that is killed at any moment.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { memorySource } from "../../src/base/index.ts";
import { readSafetensors, readWeights, writeSafetensors } from "../../src/formats/index.ts";
import {
  checkpointChunks,
  checkpointFiles,
  checkpointFolder,
  readCheckpoint,
  type TrainingCheckpoint,
} from "../../src/networks/index.ts";
import { learn } from "./fixtures/training-program.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "roentgen-checkpoints-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const record = { epoch: 1, step: 7, learningRate: 0.1, loss: 1 / 3 };

const checkpoint: TrainingCheckpoint = {
  progress: {
    ...{ epoch: 1, done: 2, step: 9, lossSum: 0.1 + 0.2, weightSum: -0, gradientNorm: 5e-324 },
    history: [{ ...record, validation: { loss: Number.POSITIVE_INFINITY, dice: Number.NaN } }],
    ...{ bestEpoch: 1, bestValue: Number.NEGATIVE_INFINITY },
  },
  state: {
    weight: { type: "float32", shape: [2, 2], data: Float32Array.of(1, -0, Number.NaN, 1e-45) },
    half: { type: "float16", shape: [2], data: Uint16Array.of(0x3c00, 0x7e01) },
    count: { type: "int64", shape: [], data: BigInt64Array.of(2n ** 53n + 1n) },
    double: { type: "float64", shape: [1], data: Float64Array.of(Math.PI) },
    mask: { type: "bool", shape: [3], data: Uint8Array.of(0, 1, 1) },
  },
  best: { weight: { type: "float32", shape: [2, 2], data: Float32Array.of(4, 3, 2, 1) } },
};

const bytesOf = (one: TrainingCheckpoint) =>
  new Uint8Array(Buffer.concat([...checkpointChunks(one)]));
const read = (bytes: Uint8Array) => readCheckpoint(memorySource(bytes, "last.safetensors"));

describe("A checkpoint's file", () => {
  it("gives back every tensor and number", async () => {
    expect(await read(bytesOf(checkpoint))).toEqual(checkpoint);
    const { best: _, ...withoutBest } = checkpoint;
    expect(await read(bytesOf(withoutBest))).toEqual(withoutBest);
  });

  it("gives back any float64", async () => {
    const any = fc.double();
    await fc.assert(
      fc.asyncProperty(any, any, any, async (lossSum, gradientNorm, loss) => {
        const history = [{ ...record, loss }];
        const progress = { ...checkpoint.progress, lossSum, gradientNorm, history };
        expect((await read(bytesOf({ ...checkpoint, progress }))).progress).toEqual(progress);
      }),
    );
  });

  it("is refused in a sentence wherever a bit has changed or bytes are missing", async () => {
    const bytes = bytesOf(checkpoint);
    const anyBit = fc.integer({ min: 0, max: 8 * bytes.length - 1 });
    await fc.assert(
      fc.asyncProperty(anyBit, async (bit) => {
        const damaged = bytes.slice();
        damaged[bit >> 3] ^= 1 << (bit & 7);
        // Spaces that fill up the header are no content.
        const isFill = bytes[bit >> 3] === 0x20;
        if (!isFill) await expect(read(damaged)).rejects.toThrow(/^Cannot (read|resume from) last/);
      }),
      { numRuns: 500 },
    );
    const lengths = fc.integer({ min: 0, max: bytes.length - 1 });
    await fc.assert(
      fc.asyncProperty(lengths, async (length) => {
        await expect(read(bytes.slice(0, length))).rejects.toThrow(/^Cannot read last/);
      }),
    );
  });

  it("is told from other files and later versions", async () => {
    await expect(read(writeSafetensors([]))).rejects.toThrow(
      "Cannot resume from last.safetensors: expected a training checkpoint of version 1, found another file of tensors. " +
        "Give a file that a training saved; weights alone are read by readWeights.",
    );
    const { metadata } = await readSafetensors(memorySource(bytesOf(checkpoint)));
    const later = writeSafetensors([], { metadata: { ...metadata, version: "2" } });
    await expect(read(later)).rejects.toThrow(/found version 2. Resume with the version/);
  });
});

describe("A folder of checkpoints", () => {
  it("keeps the last one, and the best weights as a file that others read", async () => {
    const at = join(folder, "kept");
    const checkpoints = checkpointFolder(at);
    expect(await checkpoints.last()).toBeUndefined();
    await checkpoints.save(checkpoint);
    const written = statSync(join(at, checkpointFiles.best)).ino;
    const next = { ...checkpoint, progress: { ...checkpoint.progress, step: 10 } };
    await checkpoints.save(next);
    expect(await checkpointFolder(at).last()).toEqual(next);
    expect(statSync(join(at, checkpointFiles.best)).ino).toBe(written);
    const source = memorySource(readFileSync(join(at, checkpointFiles.best)), "best.safetensors");
    const { tensors } = await readWeights(source);
    expect([...(await tensors.get("weight")!.read()).data]).toEqual([4, 3, 2, 1]);
    expect(readdirSync(at).sort()).toEqual(["best.safetensors", "last.safetensors"]);
  });

  it("keeps the one before where a new one can't be written", async () => {
    const at = join(folder, "unwritten");
    const checkpoints = checkpointFolder(at);
    await checkpoints.save(checkpoint);
    const text = { type: "string", shape: [1], data: ["no number"] } as const;
    const broken = { ...checkpoint, state: { text } };
    await expect(checkpoints.save(broken)).rejects.toThrow(/Cannot write "text"/);
    expect(await checkpoints.last()).toEqual(checkpoint);
    writeFileSync(join(at, checkpointFiles.last), "");
    await expect(checkpoints.last()).rejects.toMatchObject({ code: "file-truncated" });
  });
});

/** Starts the training as a process and kills it as it says that a step is done. */
async function runAndKill(at: string, step: number): Promise<void> {
  const program = join(import.meta.dirname, "fixtures", "training-program.ts");
  const child: ChildProcess = spawn(
    process.execPath,
    ["--conditions=roentgen-source", program, at],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const ended = once(child, "exit");
  for await (const line of createInterface({ input: child.stdout! })) {
    if (line === `step ${step}`) child.kill("SIGKILL");
  }
  expect(await ended).toEqual([null, "SIGKILL"]);
}

it("goes on after SIGKILL at any moment, to the same bits", async () => {
  const whole = await learn(join(folder, "whole"));
  const at = join(folder, "killed");
  // In the middle of an epoch, and in the last step of one; where in the writing of a checkpoint, chance decides.
  for (const step of [5, 24]) await runAndKill(at, step);
  const { from, outcome } = await learn(at);
  expect(from).toBeGreaterThanOrEqual(23);
  expect(from).toBeLessThan(48);
  expect(outcome).toEqual(whole.outcome);
  expect(outcome.history).toHaveLength(4);
}, 120_000);
