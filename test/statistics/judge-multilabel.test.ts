import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { randomStream } from "../../src/base/index.ts";
import {
  aucFigure,
  judgeMultiLabel,
  labelSubgroupTable,
  wilsonInterval,
} from "../../src/statistics/index.ts";

type Scores = Record<string, number>;

const { cases } = JSON.parse(
  readFileSync(new URL("./expected/multilabel.json", import.meta.url), "utf8"),
) as {
  cases: {
    labels: number;
    truth: (number | null)[];
    probabilities: number[];
    thresholds: number[];
    weights?: number[];
    perLabel: Scores[];
    micro: Scores;
    macro: Scores;
    figures: Scores;
  }[];
};

const named = (count: number) => Array.from({ length: count }, (_, index) => `finding ${index}`);

/** Rows of findings that probabilities know something of. */
function drawn({ rows, count = 3, seed = 1 }: { rows: number; count?: number; seed?: number }) {
  const random = randomStream({ seed, purpose: "test/labels" });
  const truth = Array.from({ length: rows * count }, () => +(random.uniform() < 0.3));
  const probabilities = truth.map((y) => 1 / (1 + Math.exp(1 - 1.5 * y - random.normal())));
  return { labels: named(count), truth, probabilities, resamples: 200 };
}

describe("judgeMultiLabel", () => {
  it("has scikit-learn's scores of labels, their means, and of all pairs", async () => {
    for (const one of cases) {
      const judgement = await judgeMultiLabel({
        labels: named(one.labels),
        truth: one.truth.map((value) => value ?? Number.NaN),
        probabilities: one.probabilities,
        thresholds: one.thresholds,
        weights: one.weights && Float64Array.from(one.weights),
        resamples: 1,
      });
      const pairs: [Record<string, { value: number | null }>, Scores][] = [
        [judgement.figures, one.figures],
        [judgement.macro, one.macro],
        [judgement.micro, one.micro],
        ...one.perLabel.map((scores, index): [typeof judgement.macro, Scores] => [
          judgement.perLabel[index].figures,
          scores,
        ]),
      ];
      for (const [ours, theirs] of pairs) {
        for (const [name, value] of Object.entries(theirs)) {
          expect(ours[name].value, name).toBeCloseTo(value, 11);
        }
      }
    }
  });

  it("leaves unknown labels out, and counts them", async () => {
    const data = drawn({ rows: 50 });
    const truth = data.truth.map((value, pair) =>
      pair < 30 && pair % 3 === 1 ? Number.NaN : value,
    );
    const judgement = await judgeMultiLabel({ ...data, truth });
    expect(judgement.perLabel.map(({ n, unknown }) => [n, unknown])).toEqual([
      [50, 0],
      [40, 10],
      [50, 0],
    ]);
    expect(judgement.incomplete).toBe(10);
    expect(judgement.figures.subsetAccuracy.n).toBe(40);
    const known = data.truth.filter((_, pair) => pair >= 30);
    const alone = await judgeMultiLabel({
      ...data,
      truth: known,
      probabilities: data.probabilities.slice(30),
    });
    expect(judgement.perLabel[1].figures.rocAuc).toEqual(alone.perLabel[1].figures.rocAuc);
    expect(judgement.perLabel[1].curves).toEqual(alone.perLabel[1].curves);
  });

  it("has DeLong's and Wilson's intervals for independent rows", async () => {
    const data = drawn({ rows: 60 });
    const { perLabel } = await judgeMultiLabel(data);
    const column = (values: number[]) => values.filter((_, pair) => pair % 3 === 2);
    const { figures, positives, given } = perLabel[2];
    expect(figures.rocAuc).toEqual(aucFigure(column(data.truth), column(data.probabilities)));
    const hits = column(data.truth).filter(
      (y, row) => y === 1 && column(data.probabilities)[row] >= 0.5,
    );
    expect(figures.sensitivity).toMatchObject({
      n: positives,
      ...wilsonInterval(hits.length, positives),
    });
    expect(figures.ppv).toMatchObject({ n: given, ...wilsonInterval(hits.length, given) });
    expect(figures.averagePrecision.method).toMatch(/BCa bootstrap by row/);
  });

  it("does not take alike rows of a patient for more cases", async () => {
    const data = drawn({ rows: 60 });
    const six = [0, 1, 2, 3, 4, 5];
    const repeated = {
      ...data,
      truth: six.flatMap(() => data.truth),
      probabilities: six.flatMap(() => data.probabilities),
      groups: Int32Array.from(six.flatMap(() => Array.from({ length: 60 }, (_, row) => row))),
    };
    const width = ({ low, high }: { low: number | null; high: number | null }) =>
      (high as number) - (low as number);
    const once = await judgeMultiLabel(data);
    const byPatient = await judgeMultiLabel(repeated);
    const byRow = await judgeMultiLabel({ ...repeated, groups: undefined });
    expect(byPatient.patients).toBe(60);
    for (const score of ["rocAuc", "averagePrecision", "sensitivity"] as const) {
      const [one, patient, row] = [once, byPatient, byRow].map(({ perLabel }) =>
        width(perLabel[0].figures[score]),
      );
      expect(patient / one).toBeGreaterThan(0.75);
      expect(patient / one).toBeLessThan(1.35);
      expect(row / one).toBeLessThan(0.6);
    }
    expect(byPatient.macro.rocAuc.method).toMatch(/by patient/);
    expect(byPatient.perLabel[0].figures.sensitivity.method).toMatch(/\d+ patients/);
  });

  it("says why a figure is undefined, and which labels the means leave out", async () => {
    const data = drawn({ rows: 40 });
    const truth = data.truth.map((value, pair) => [value, 0, Number.NaN][pair % 3]);
    const judgement = await judgeMultiLabel({ ...data, truth, thresholds: [0.5, 1, 0.5] });
    const [some, none, unknown] = judgement.perLabel.map(({ figures }) => figures);
    expect(judgement.leftOutOfMacro).toEqual(["finding 1", "finding 2"]);
    expect(judgement.macro.rocAuc.value).toBeCloseTo(some.rocAuc.value as number, 12);
    expect(none.sensitivity.undefinedBecause).toBe("there are no cases with finding 1");
    expect(none.ppv.undefinedBecause).toBe("finding 1 was given to no case");
    expect(none.specificity.value).toBe(1);
    expect(unknown.brier.undefinedBecause).toBe("finding 2 is known of no case");
    expect(judgement.figures.subsetAccuracy.undefinedBecause).toMatch(/no cases with all labels/);
    const nothing = await judgeMultiLabel({ labels: ["a"], truth: [], probabilities: [] });
    expect(nothing.macro.rocAuc.undefinedBecause).toBe("no label has cases with and without it");
    expect(nothing.figures.hammingLoss.value).toBeNull();
  });

  it("gives the same for one seed, and hears of being cancelled", async () => {
    const data = { ...drawn({ rows: 30 }), seed: 3 };
    expect(await judgeMultiLabel(data)).toEqual(await judgeMultiLabel(data));
    const cancelled = judgeMultiLabel(data, { signal: AbortSignal.abort() });
    await expect(cancelled).rejects.toMatchObject({ code: "cancelled" });
  });

  it("refuses what does not fit", async () => {
    const data = drawn({ rows: 4 });
    const refusal = (change: object) => expect(judgeMultiLabel({ ...data, ...change })).rejects;
    await refusal({ labels: [] }).toThrow(/one or more.*none/);
    await refusal({ truth: data.truth.slice(1) }).toThrow(/4 rows of 3 labels.*11/);
    await refusal({ truth: data.truth.map(() => 2) }).toThrow(/NaN \(unknown\)/);
    await refusal({ thresholds: [0.5] }).toThrow(/one for each label/);
    await refusal({ thresholds: 1.5 }).toThrow(/\[0, 1\]/);
    await refusal({ groups: new Int32Array(3) }).toThrow(/one patient for each of 4/);
    await refusal({ resamples: 0 }).toThrow(/whole number/);
  });
});

describe("labelSubgroupTable", async () => {
  const given = drawn({ rows: 240, seed: 3 });
  const subgroup = Array.from({ length: 240 }, (_, row) => (row < 5 ? null : `site ${row % 2}`));
  const groups = Int32Array.from({ length: 240 }, (_, row) => row >> 1);
  const input = { ...given, groups, thresholds: [0.2, 0.3, 0.5] };
  const table = await labelSubgroupTable({ ...input, subgroup });
  const take = <Value>(values: ArrayLike<Value>, rows: readonly number[], width = 1) =>
    rows.flatMap((row) => Array.from({ length: width }, (_, at) => values[row * width + at]));

  it("judges each subgroup as if alone, at the thresholds of all, unknown last", async () => {
    expect(table.map(({ value, n }) => [value, n])).toEqual([
      ["site 0", 117],
      ["site 1", 118],
      [null, 5],
    ]);
    const rows = subgroup.flatMap((value, row) => (value === "site 1" ? [row] : []));
    const alone = await judgeMultiLabel({
      ...input,
      truth: take(given.truth, rows, 3),
      probabilities: take(given.probabilities, rows, 3),
      groups: Int32Array.from(take(groups, rows)),
    });
    expect(table[1].figures).toEqual(alone.macro);
    for (const [at, label] of alone.perLabel.entries()) {
      expect(table[1].perLabel[at]).toMatchObject({
        ...{ name: label.name, n: label.n, positives: label.positives, figures: label.figures },
      });
    }
  });

  it("sets each finding against all other cases", async () => {
    const [inside, outside] = [true, false].map((is) =>
      subgroup.flatMap((value, row) => ((value === "site 0") === is ? [row] : [])),
    );
    const area = async (rows: readonly number[]) => {
      const { perLabel } = await judgeMultiLabel({
        ...{ labels: given.labels, resamples: 1 },
        truth: take(given.truth, rows, 3),
        probabilities: take(given.probabilities, rows, 3),
      });
      return perLabel.map(({ figures }) => figures.rocAuc.value as number);
    };
    const [own, rest] = [await area(inside), await area(outside)];
    for (const [at, { differenceToRest }] of table[0].perLabel.entries()) {
      const { value, low, high, n } = differenceToRest.rocAuc;
      expect(value).toBeCloseTo(own[at] - rest[at], 12);
      expect(low).toBeLessThan(value as number);
      expect(high).toBeGreaterThan(value as number);
      expect(n).toBe(inside.length);
    }
  });
});
