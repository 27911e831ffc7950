// One contract for every gradient rule: random nodes of its operator, gradients equal to central differences.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { differentiableOperators } from "../../../src/onnx/gradients/rules.ts";
import { cases } from "./cases/index.ts";
import { drawn } from "./gradient-case.ts";
import { checkGradients, functionOf } from "./gradient-check.ts";

const RUNS = 8;

describe("The gradient of", () => {
  it.each(cases)("$operator $of", async (one) => {
    await fc.assert(
      fc.asyncProperty(drawn(one.draw), async (node) => {
        await checkGradients(functionOf(one, node), { isRun: !one.notRun });
      }),
      { numRuns: RUNS, seed: 4, endOnFailure: false },
    );
  });
});

describe("The table of gradient rules", () => {
  it.each(Object.entries(differentiableOperators))(
    "has a case for every operator of %j",
    (domain, operators) => {
      const checked = new Set(
        cases.filter((one) => (one.domain ?? "") === domain).map(({ operator }) => operator),
      );
      expect(operators.filter((operator) => !checked.has(operator))).toEqual([]);
    },
  );
});
