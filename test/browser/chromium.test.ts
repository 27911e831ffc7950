// What runs in browsers, run in Chromium and held to what Node gives.

import { describe, expect, it } from "vitest";
import { type Augmented, augment } from "./augmentation.ts";
import { type Learnt, learn } from "./program.ts";
import { chromium, runPage } from "./run-page.ts";

describe.skipIf(!chromium)("Chromium (skipped where there is none)", () => {
  it("learns what Node learns: trees to the bit, logarithms and exponentials within 1e-12", async () => {
    const [inNode, inChromium] = await Promise.all([learn(), runPage<Learnt[]>("page.ts")]);
    expect(inChromium.map(({ learner }) => learner)).toEqual(["forest", "extra-trees", "logistic"]);
    expect(inChromium.slice(0, 2)).toEqual(inNode.slice(0, 2));
    // exp and log may differ in the last bits from one JavaScript engine to the next.
    const differences = inNode[2].probabilities.map((value, row) =>
      Math.abs(value - inChromium[2].probabilities[row]),
    );
    expect(Math.max(...differences)).toBeLessThan(1e-12);
  });

  it("augments images and masks as Node does, to the bit", async () => {
    const page = runPage<Augmented[]>("augmentation-page.ts");
    const [inNode, inChromium] = await Promise.all([augment(), page]);
    expect(inNode.length).toBeGreaterThan(15);
    expect(inChromium).toEqual(inNode);
  });
});
