import { describe, expect, it } from "vitest";
import {
  augmentationSteps,
  chooseBatchSize,
  chooseClassWeights,
  chooseEpochs,
  chooseFlips,
  chooseFolds,
  chooseMirrors,
  choosePositiveWeights,
  chooseSize,
} from "../../../src/tasks/classification/recipe.ts";

const chance = { leftRight: 0.5, topBottom: 0.5 };

describe("chooseSize", () => {
  it.each([
    [28, 64],
    [64, 64],
    [72, 64],
    [100, 96],
    [128, 128],
    [512, 128],
  ])("of images of %d pixels makes %d", (typical, expected) => {
    expect(chooseSize(typical)).toBe(expected);
  });
});

describe("chooseFlips", () => {
  it("mirrors where sides can't be told apart", () => {
    expect(chooseFlips("auto", chance, ["a", "b"])).toMatchObject({
      horizontal: true,
      vertical: true,
    });
    const standing = { leftRight: 0.55, topBottom: 0.99 };
    expect(chooseFlips("auto", standing, [])).toMatchObject({ horizontal: true, vertical: false });
    const sided = { leftRight: 0.9, topBottom: 0.5 };
    expect(chooseFlips("auto", sided, [])).toMatchObject({ horizontal: false, vertical: false });
  });

  it.each(["left lung", "Right", "knee_left", "LT", "links"])(
    "never where a class is called %s",
    (name) => {
      expect(chooseFlips("auto", chance, ["other", name]).horizontal).toBe(false);
    },
  );

  it.each(["bright", "cleft", "alright", "result"])("takes no side from %s", (name) => {
    expect(chooseFlips("auto", chance, [name]).horizontal).toBe(true);
  });

  it("does as it is told", () => {
    const sided = { leftRight: 1, topBottom: 1 };
    expect(chooseFlips("both", sided, ["left"])).toMatchObject({
      horizontal: true,
      vertical: true,
    });
    expect(chooseFlips("none", chance, [])).toMatchObject({ horizontal: false, vertical: false });
  });
});

describe("augmentationSteps", () => {
  it("turns freely only what has neither sides nor a top", () => {
    const turns = (horizontal: boolean, vertical: boolean, size: number[]) => {
      const [move] = augmentationSteps({ horizontal, vertical, reason: "" }, size);
      return (move as unknown as { degrees: number[] }).degrees[1];
    };
    expect(turns(true, true, [64, 64])).toBe(180);
    expect(turns(true, false, [64, 64])).toBe(12);
    expect(turns(true, true, [64, 64, 64])).toBe(12);
  });
});

describe("chooseClassWeights", () => {
  it("leaves nearly even classes alone and evens out others", () => {
    expect(chooseClassWeights("auto", [100, 140])).toBeUndefined();
    expect(chooseClassWeights("none", [1, 1000])).toBeUndefined();
    const [few, many] = chooseClassWeights("auto", [100, 400]) as number[];
    expect(few / many).toBeCloseTo(2);
    const [rare, common] = chooseClassWeights("balanced", [100, 400]) as number[];
    expect(rare / common).toBeCloseTo(4);
  });

  it("has mean 1 over the samples, and 0 for a class without any", () => {
    const counts = [10, 0, 90];
    const weights = chooseClassWeights("balanced", counts) as number[];
    expect(weights[1]).toBe(0);
    const mean = weights.reduce((sum, weight, at) => sum + weight * counts[at], 0) / 100;
    expect(mean).toBeCloseTo(1);
  });
});

describe("choosePositiveWeights", () => {
  const counts = [
    { found: 100, absent: 130 },
    { found: 100, absent: 400 },
    { found: 2, absent: 5000 },
    { found: 0, absent: 300 },
  ];

  it("weighs findings by how rare they are, up to a limit", () => {
    expect(choosePositiveWeights("none", counts)).toBeUndefined();
    expect(choosePositiveWeights("auto", counts)).toEqual([1, 2, 20, 1]);
    expect(choosePositiveWeights("balanced", counts)).toEqual([1.3, 4, 20, 1]);
    expect(choosePositiveWeights("auto", counts.slice(0, 1))).toBeUndefined();
  });

  it("weighs less what is commoner than its absence only where sides are to be even", () => {
    const common = [{ found: 900, absent: 100 }];
    expect(choosePositiveWeights("auto", common)).toBeUndefined();
    expect(choosePositiveWeights("balanced", common)?.[0]).toBeCloseTo(1 / 9);
  });
});

describe("counts", () => {
  it("grow and shrink with the number of images", () => {
    const scratch = { batchSize: 8, isPretrained: false };
    expect(chooseEpochs(100_000, scratch)).toBe(12);
    expect(chooseEpochs(2000, scratch)).toBe(38);
    expect(chooseEpochs(200, scratch)).toBe(120);
    expect(chooseEpochs(200, { ...scratch, isPretrained: true })).toBe(60);
    expect(chooseBatchSize(50)).toBeLessThan(chooseBatchSize(5000));
  });

  it("give a network that starts from nothing a number of steps that teaches it something", () => {
    expect(chooseEpochs(64, { batchSize: 8, isPretrained: false })).toBe(Math.ceil(1500 / 8));
    expect(chooseEpochs(8, { batchSize: 8, isPretrained: false })).toBe(300);
  });
});

describe("chooseFolds", () => {
  it("trains one network unless asked", () => {
    expect(chooseFolds(undefined, 100)).toBe(1);
    expect(chooseFolds(5, 100)).toBe(5);
  });
});

describe("chooseMirrors", () => {
  const sided = chooseFlips("auto", { leftRight: 0.9, topBottom: 0.9 }, []);
  const standing = chooseFlips("auto", { leftRight: 0.5, topBottom: 0.9 }, []);
  const free = chooseFlips("auto", chance, []);

  it.each([
    ["auto", free, true, ["i", "j"]],
    ["auto", standing, true, ["i"]],
    ["auto", sided, true, []],
    ["auto", free, false, []],
    ["on", free, false, ["i", "j"]],
    ["off", free, true, []],
  ] as const)("%s of flips %o, learnt from %s: %o", (asked, flips, learns, expected) => {
    expect(chooseMirrors(asked, flips, { learns })).toEqual(expected);
  });

  it("refuses copies that no scanner makes", () => {
    expect(() => chooseMirrors("on", sided, { learns: true })).toThrow(
      "found No mirrored copies: from left and right 90 %",
    );
  });
});
