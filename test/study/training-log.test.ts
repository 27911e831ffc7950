import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventFileHead, scalarRecord } from "../../src/formats/index.ts";
import { openTrainingLog } from "../../src/study/index.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "roentgen-log-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const time = new Date(Date.UTC(2026, 10, 28, 12));
const now = () => time;
const stepRecord = (step: number) => ({
  ...{ epoch: 1, step, learningRate: 0.01, loss: 1 / step, gradientNorm: 2, waited: false },
});
const epochRecord = { epoch: 1, step: 4, learningRate: 0.01, loss: 0.5, validation: { dice: 0.7 } };
const linesOf = () =>
  readFileSync(join(folder, "run", "log.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

describe("The log of a training", () => {
  it("has a line for every n-th step and every epoch, as lines and as events", async () => {
    const log = await openTrainingLog(join(folder, "run"), { everySteps: 2, now });
    for (let step = 1; step <= 4; step++) log.onStep(stepRecord(step));
    await log.onEpoch(epochRecord);
    log.onStep(stepRecord(6));
    await log.close();
    const at = { time: time.toISOString() };
    expect(linesOf()).toEqual([
      { ...at, event: "step", ...stepRecord(2) },
      { ...at, event: "step", ...stepRecord(4) },
      { ...at, event: "epoch", ...epochRecord },
      { ...at, event: "step", ...stepRecord(6) },
    ]);
    const ofStep = (step: number) =>
      scalarRecord({
        ...{ time, step },
        scalars: { "loss/step": 1 / step, learning_rate: 0.01, gradient_norm: 2 },
      });
    const scalars = { "loss/training": 0.5, "dice/validation": 0.7 };
    const expected = [
      eventFileHead({ time, step: 2 }),
      ...[ofStep(2), ofStep(4), scalarRecord({ time, step: 4, scalars }), ofStep(6)],
    ];
    const name = readdirSync(join(folder, "run")).find((one) => one.includes("tfevents"))!;
    const bytes = readFileSync(join(folder, "run", name));
    expect(bytes.equals(Buffer.concat(expected))).toBe(true);
  });

  it("goes on in the same file of lines and in another of events", async () => {
    for (const second of [0, 1]) {
      const later = () => new Date(time.getTime() + 1000 * second);
      const log = await openTrainingLog(join(folder, "run"), { now: later });
      log.onStep(stepRecord(1));
      await log.close();
    }
    expect(linesOf()).toHaveLength(2);
    expect(readdirSync(join(folder, "run"))).toHaveLength(3);
  });

  it("says when it can't be written", async () => {
    const log = await openTrainingLog(join(folder, "run"), { tensorBoard: false });
    rmSync(join(folder, "run"), { recursive: true });
    log.onStep(stepRecord(1));
    await expect(log.close()).rejects.toThrow(/There is no file or folder/);
  });
});
