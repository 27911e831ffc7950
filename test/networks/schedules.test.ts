import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as networks from "../../src/networks/index.ts";
import { constantRate, cosineRate, type Schedule } from "../../src/networks/index.ts";

/** One line of schedules.json: a course by steps, or one that follows a monitored figure. */
interface ScheduleCase {
  readonly schedule: string;
  readonly options: object;
  readonly totalSteps?: number;
  readonly stepsPerEpoch?: number;
  readonly monitored?: readonly number[];
  readonly factors: readonly number[];
}

const { cases } = JSON.parse(
  readFileSync(new URL("expected/schedules.json", import.meta.url), "utf8"),
) as { cases: ScheduleCase[] };

const scheduleOf = ({ schedule, options }: ScheduleCase): Schedule =>
  (networks as unknown as Record<string, (options: object) => Schedule>)[schedule](options);

describe("schedules give the factors of PyTorch's", () => {
  it.each(cases.map((one) => ({ ...one, text: JSON.stringify(one.options) })))(
    "$schedule $text",
    (one) => {
      const schedule = scheduleOf(one);
      const { totalSteps = one.factors.length, stepsPerEpoch = 1, monitored } = one;
      for (const [step, expected] of one.factors.entries()) {
        const point = {
          step,
          totalSteps,
          stepsPerEpoch,
          monitored: monitored?.slice(0, step) ?? [],
        };
        expect(Math.abs(schedule.factor(point) - expected), `step ${step}`).toBeLessThan(1e-9);
      }
    },
  );
});

describe("schedules", () => {
  it("stay constant when told so", () => {
    const point = { step: 3, totalSteps: 9, stepsPerEpoch: 3, monitored: [1, 2] };
    expect(constantRate().factor(point)).toBe(1);
  });

  it("refuse an option that they do not know, and name those that they do", () => {
    expect(() => cosineRate({ warmup: 0.1 } as object)).toThrow(
      /cosine schedule has no option "warmup".*warmUp, floor/s,
    );
  });
});
