import { describe, expect, it } from "vitest";
import { dense, flatten, parameterValues, sequential } from "../../../src/networks/index.ts";
import { inUnit, standardOf } from "../../../src/tasks/classification/target-standard.ts";

describe("standardOf and inUnit", () => {
  it("brings a network that learnt standard scores back to the unit", () => {
    const samples = [2, 4, 9].map((target) => ({ path: "", name: "", target }));
    const target = { kind: "number", name: "size" } as const;
    const dataset = { samples, target } as unknown as Parameters<typeof standardOf>[0];
    const standard = standardOf(dataset, Uint32Array.of(0, 1, 2));
    expect(standard?.mean).toBe(5);
    expect(standard?.deviation).toBeCloseTo(Math.sqrt(26 / 3));
    const network = sequential([flatten(), dense({ units: 1 })], { input: [1, 2, 2], seed: 3 });
    const changed = inUnit(network, standard);
    const weight = (of: typeof network) =>
      Object.entries(parameterValues(of)).find(([name]) => /weight|kernel/.test(name))?.[1]
        .data as Float32Array;
    const bias = (of: typeof network) =>
      Object.entries(parameterValues(of)).find(([name]) => /bias/.test(name))?.[1]
        .data as Float32Array;
    const deviation = standard?.deviation as number;
    for (const [at, value] of weight(network).entries()) {
      expect(weight(changed)[at]).toBeCloseTo(value * deviation, 5);
    }
    expect(bias(changed)[0]).toBeCloseTo(bias(network)[0] * deviation + 5, 5);
    expect(inUnit(network, undefined)).toBe(network);
  });
});
