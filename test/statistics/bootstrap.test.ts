import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { randomStream } from "../../src/base/index.ts";
import {
  bcaInterval,
  bootstrap,
  judgeClassification,
  newcombeAucInterval,
  percentileInterval,
  type Replicates,
  type WeightedStatistic,
  wilsonInterval,
} from "../../src/statistics/index.ts";

interface ScipyCase {
  statistic: "mean" | "variance";
  method: "percentile" | "BCa";
  level: number;
  data: number[];
  replicates: number[];
  interval: [number, number];
}

const { bootstrap: scipy } = JSON.parse(
  readFileSync(new URL("./expected/cases.json", import.meta.url), "utf8"),
) as { bootstrap: ScipyCase[] };

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const statistics = {
  mean,
  variance: (values: number[]) => mean(values.map((value) => (value - mean(values)) ** 2)),
};

describe("bootstrap intervals equal scipy's on the same resamples", () => {
  it.each(scipy)(
    "$method of the $statistic",
    ({ statistic, method, level, data, replicates, interval }) => {
      const of = statistics[statistic];
      const jackknife = data.map((_, left) => of(data.filter((_, index) => index !== left)));
      const values = Float64Array.from(replicates);
      const { low, high } =
        method === "BCa"
          ? bcaInterval(of(data), values, Float64Array.from(jackknife), level)
          : percentileInterval(values, level);
      expect(low).toBeCloseTo(interval[0], 9);
      expect(high).toBeCloseTo(interval[1], 9);
    },
  );
});

/** The weighted mean of some values, and each row's own weight. */
function meanAndWeights(values: readonly number[]): WeightedStatistic {
  return (weights, out) => {
    let sum = 0;
    let total = 0;
    values.forEach((value, row) => {
      sum += weights[row] * value;
      total += weights[row];
      out[row + 1] = weights[row];
    });
    out[0] = sum / total;
  };
}

describe("bootstrap", () => {
  const values = [3, 1, 4, 1, 5, 9, 2, 6];
  const rowCount = values.length;
  const draw = (options: object) =>
    bootstrap(meanAndWeights(values), { rowCount, size: rowCount + 1, resamples: 300, ...options });
  const weightsOf = (sample: number, { values: all, size }: Replicates) => [
    ...all.subarray(sample * size + 1, (sample + 1) * size),
  ];

  it("draws as many patients as there are, and all rows of a patient together", async () => {
    const groups = [7, 7, 7, 2, 2, 9, 9, 9];
    const replicates = await draw({ groups });
    expect(replicates.unitCount).toBe(3);
    for (let sample = 0; sample < 300; sample++) {
      const [a, b, c, d, e, f, g, h] = weightsOf(sample, replicates);
      expect([b, c, e, g, h]).toEqual([a, a, d, f, f]);
      expect(a + d + f).toBe(3);
    }
  });

  it("keeps the number of patients in each stratum", async () => {
    const strata = [0, 0, 0, 0, 0, 1, 1, 1];
    const replicates = await draw({ strata });
    for (let sample = 0; sample < 300; sample++) {
      const weights = weightsOf(sample, replicates);
      expect(weights.slice(5).reduce((sum, weight) => sum + weight)).toBe(3);
    }
  });

  it("leaves one patient out at a time in the jackknife", async () => {
    const { jackknife, size } = await draw({ groups: [0, 0, 1, 1, 2, 2, 3, 3] });
    expect(jackknife.length).toBe(4 * size);
    expect([...jackknife.subarray(1, size)]).toEqual([0, 0, 1, 1, 1, 1, 1, 1]);
  });

  it("multiplies draws by the weights of rows", async () => {
    const replicates = await draw({ weights: values });
    expect([...replicates.estimate.subarray(1)]).toEqual(values);
  });

  it("stops when the progress listener cancels", async () => {
    const controller = new AbortController();
    const onProgress = () => controller.abort();
    await expect(draw({ signal: controller.signal, onProgress })).rejects.toMatchObject({
      code: "cancelled",
    });
  });

  it("reports progress to the end", async () => {
    const seen: number[] = [];
    await draw({ onProgress: ({ done }: { done: number }) => seen.push(done) });
    expect(seen).toEqual(Array.from({ length: 15 }, (_, index) => 20 * (index + 1)));
  });
});

describe("a bootstrap interval", () => {
  const rows = 24;
  const groups = Int32Array.from({ length: rows }, (_, row) => row >> 1);
  const labels = Int32Array.from({ length: rows }, (_, row) => (row >> 1) % 2);

  function judge(given: readonly number[]) {
    const probabilities = Float64Array.from(given.flatMap((label) => [1 - label, label]));
    return judgeClassification({
      classes: ["a", "b"],
      labels,
      probabilities,
      groups,
      resamples: 300,
    });
  }

  it("has no upper bound where a ratio is infinite in many resamples", async () => {
    const oneFalsePositive = Array.from(labels, (label, row) => (row === 0 ? 1 : label));
    const { positiveLikelihoodRatio } = (await judge(oneFalsePositive)).figures;
    expect(positiveLikelihoodRatio?.value).toBeCloseTo(12, 12);
    expect(positiveLikelihoodRatio?.low as number).toBeLessThan(12);
    expect(positiveLikelihoodRatio).toMatchObject({
      high: null,
      undefinedBecause: "a bound is infinite",
    });
  });

  it("does not pretend to certainty where all resamples agree: patients are counted instead", async () => {
    const { accuracy, sensitivity, rocAuc, mcc } = (await judge([...labels])).figures;
    const perfect = {
      value: 1,
      high: 1,
      method: "Wilson score interval, each patient as one case",
    };
    expect(accuracy).toMatchObject({ ...perfect, low: wilsonInterval(12, 12).low, n: rows });
    expect(sensitivity).toMatchObject({ ...perfect, low: wilsonInterval(6, 6).low, n: rows / 2 });
    expect(rocAuc).toMatchObject({ value: 1, low: newcombeAucInterval(1, 6, 6).low, high: 1 });
    const reason = "all resamples gave the same value";
    expect(mcc).toMatchObject({ value: 1, low: null, high: null, undefinedBecause: reason });
  });
});

describe("intervals hold the truth about as often as they say", () => {
  // Scores shifted by 1: the true area is Φ(1/√2). Patients have two rows that share part of their noise.
  const trueAuc = 0.760249938906523;
  const experiments = 200;

  async function covers(experiment: number, withPatients: boolean): Promise<boolean> {
    const random = randomStream({ seed: 5, purpose: "test/coverage", sample: experiment });
    const rows = 100;
    const labels = new Int32Array(rows);
    const groups = new Int32Array(rows);
    const probabilities = new Float64Array(rows * 2);
    let shared = 0;
    for (let row = 0; row < rows; row++) {
      groups[row] = row >> 1;
      labels[row] = groups[row] % 2;
      if (row % 2 === 0) shared = random.normal();
      const score = labels[row] + shared * Math.sqrt(0.8) + random.normal() * Math.sqrt(0.2);
      const p = 1 / (1 + Math.exp(-score));
      probabilities.set([1 - p, p], row * 2);
    }
    const input = { classes: ["a", "b"], labels, probabilities, seed: experiment };
    const { rocAuc } = (
      await judgeClassification(
        withPatients ? { ...input, groups, resamples: 300 } : { ...input, resamples: 1 },
      )
    ).figures;
    return (rocAuc?.low as number) <= trueAuc && trueAuc <= (rocAuc?.high as number);
  }

  it("resampling patients whose rows resemble one another, where DeLong on rows falls short", async () => {
    let byPatient = 0;
    let byRow = 0;
    for (let experiment = 0; experiment < experiments; experiment++) {
      if (await covers(experiment, true)) byPatient += 1;
      if (await covers(experiment, false)) byRow += 1;
    }
    expect(byPatient / experiments).toBeGreaterThan(0.9);
    expect(byPatient / experiments).toBeLessThan(0.99);
    expect(byRow / experiments).toBeLessThan(0.88);
  });
});
