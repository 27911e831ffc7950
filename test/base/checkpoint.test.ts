import { describe, expect, it } from "vitest";
import { openCheckpoint } from "../../src/base/index.ts";

/** Computes without waiting for anything. */
function compute(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

describe("a checkpoint", () => {
  it("ends a loop that never waits when a timer fires the signal", async () => {
    const controller = new AbortController();
    const checkpoint = openCheckpoint(controller.signal, "Counting");
    setTimeout(() => controller.abort(), 10);
    let rounds = 0;
    const counting = (async () => {
      for (; rounds < 2000; rounds++) {
        await checkpoint();
        compute(5);
      }
    })();
    await expect(counting).rejects.toMatchObject({
      code: "cancelled",
      message: "Counting was cancelled.",
    });
    expect(rounds).toBeLessThan(2000);
  });

  it("gives timers a turn again and again", async () => {
    const checkpoint = openCheckpoint(undefined, "Counting");
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
    }, 1);
    for (let round = 0; round < 6; round++) {
      compute(60);
      await checkpoint();
    }
    clearInterval(timer);
    expect(ticks).toBeGreaterThanOrEqual(3);
  });

  it("sees at once a signal that has fired before", async () => {
    const checkpoint = openCheckpoint(AbortSignal.abort(), "Counting");
    await expect(checkpoint()).rejects.toMatchObject({ code: "cancelled" });
  });
});
