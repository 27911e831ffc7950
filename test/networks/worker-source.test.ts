// Loading in workers: the same bits however many there are, no step that waits for what could have been loaded.

import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import {
  adam,
  binaryCrossEntropy,
  dense,
  flatten,
  parameterValues,
  type SampleSource,
  sequential,
  train,
  type WorkerSource,
  workerSource,
} from "../../src/networks/index.ts";
import { epochBatches } from "../../src/networks/training/batches.ts";
import noiseLoader, { type NoiseSettings } from "./fixtures/noise-loader.ts";

const SIZE = 16;

async function withSource<Result>(
  { threads, ...settings }: Partial<NoiseSettings> & { threads: number },
  use: (source: WorkerSource) => Promise<Result>,
): Promise<Result> {
  const source = workerSource(noiseLoader, {
    ...{ count: 40, module: "./fixtures/noise-loader", caller: import.meta.url, threads },
    settings: { size: SIZE, ...settings },
  });
  try {
    return await use(source);
  } finally {
    await source.close();
  }
}

async function learn(data: SampleSource) {
  const untrained = sequential([flatten(), dense({ units: 1, activation: "sigmoid" })], {
    input: [1, 4, 4],
  });
  const { network, history } = await train(untrained, {
    ...{ data, validation: data, loss: binaryCrossEntropy(), optimiser: adam({}) },
    ...{ epochs: 2, batchSize: 8, seed: 4, device: "cpu", threads: 1 },
  });
  return { history, weights: parameterValues(network) };
}

/** Batches of an epoch, each worked on for a while. */
async function work(source: SampleSource, stepMs: number) {
  const waits: boolean[] = [];
  for await (const { waited } of epochBatches(source, { batchSize: 4, seed: 1, epoch: 0 })) {
    waits.push(waited);
    await sleep(stepMs);
  }
  return waits;
}

describe("Samples from workers", () => {
  it("give the same bits with none, one and two", async () => {
    const [none, one, two] = [
      await withSource({ threads: 0 }, learn),
      await withSource({ threads: 1 }, learn),
      await withSource({ threads: 2, delayMs: 1 }, learn),
    ];
    expect(one).toEqual(none);
    expect(two).toEqual(none);
    expect(none.history[1].loss).toBeLessThan(none.history[0].loss);
  });

  it("keep no step waiting where loading is faster, and every one where it is slower", async () => {
    const quick = await withSource({ threads: 1 }, (source) => work(source, 100));
    expect(quick).toEqual([true, ...Array(9).fill(false)]);
    const slow = await withSource({ threads: 1, delayMs: 20 }, (source) => work(source, 0));
    expect(slow).toEqual(Array(10).fill(true));
  });

  it("are loaded no further ahead than asked for", async () => {
    await withSource({ threads: 2 }, async (source) => {
      const begun: number[] = [];
      let started = 0;
      let taken = 0;
      const load: SampleSource["load"] = (indices, draw) => {
        started += 1;
        begun.push(started - taken);
        return source.load(indices, draw);
      };
      const order = { batchSize: 4, seed: 1, epoch: 0 };
      for await (const _ of epochBatches({ ...source, load }, order)) taken += 1;
      expect(source.ahead).toBe(3);
      expect(Math.max(...begun)).toBe(4);
      expect(taken).toBe(10);
    });
  });

  it.each([0, 1])("name the sample that can't be loaded, with %i workers", async (threads) => {
    const learning = withSource({ threads, failAt: 17 }, learn);
    await expect(learning).rejects.toMatchObject({
      code: "file-corrupt",
      message: expect.stringMatching(/^Cannot load sample 17: Cannot read image.png: found a hole/),
    });
  });
});
