import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  blandAltmanPlot,
  calibrationPlot,
  confusionMatrixPlot,
  decisionCurvePlot,
  importancePlot,
  learningCurvePlot,
  precisionRecallPlot,
  predictedVersusTruePlot,
  rocPlot,
  shapleyPlot,
  subgroupPlot,
  type TrainingCourse,
  trainingCurvePlot,
  trainingSection,
} from "../../src/study/index.ts";
import { elementNames } from "./xml.ts";

const figure = (value: number | null) => ({
  value,
  low: value === null ? null : value - 0.05,
  high: value === null ? null : value + 0.04,
  n: 40,
});
const unknown = figure(null);
const rates = [0, 0.1, 0.4, 1].map((rate) => ({
  falsePositiveRate: rate,
  truePositiveRate: Math.sqrt(rate),
}));
const wave = Float64Array.from({ length: 200 }, (_, index) => Math.sin(index) + index / 50);

/** Every plot, drawn of ordinary data, some of it undefined, in which all text is `text`. */
const plots: Record<string, (text: string) => string> = {
  roc: (text) =>
    rocPlot(
      [
        { label: text, points: rates, auc: figure(0.85), operatingPoint: rates[1] },
        { label: text, points: rates, auc: unknown },
        { label: text, points: [] },
      ],
      { title: text },
    ),
  "precision–recall": (text) => {
    const points = [0.2, 0.6, 1].map((recall) => ({ recall, precision: 1 - recall / 2 }));
    return precisionRecallPlot(
      [
        { label: text, points, averagePrecision: figure(0.8), prevalence: 0.4 },
        { label: text, points: [] },
      ],
      { title: text },
    );
  },
  calibration: (text) => {
    const bins = [0.1, 0.5, 0.9].map((predicted) => ({ predicted, observed: figure(predicted) }));
    return calibrationPlot(
      [{ label: text, bins: [...bins, { predicted: 1, observed: unknown }] }],
      {
        title: text,
      },
    );
  },
  importance: (text) =>
    importancePlot(
      [figure(0.1), { value: -0.01 }, unknown].map((bar) => ({ label: text, ...bar })),
      {
        title: text,
        axisLabel: text,
      },
    ),
  "confusion matrix": (text) =>
    confusionMatrixPlot(
      {
        classes: [text, text],
        counts: [
          [5, 1],
          [0, 0],
        ],
      },
      { title: text },
    ),
  "training curve": (text) => {
    const points = [3, 2, Number.NaN, 1].map((value, at) => ({ epoch: at + 1, value }));
    return trainingCurvePlot(
      [
        { label: text, points },
        { label: text, points: points.slice(0, 1) },
      ],
      { title: text, valueLabel: text, bestEpoch: 2 },
    );
  },
  "learning curve": (text) => {
    const points = [50, 100].map((rows) => ({ rows, ...figure(0.9) }));
    return learningCurvePlot([{ label: text, points: [...points, { rows: 200, ...unknown }] }], {
      title: text,
      scoreLabel: text,
    });
  },
  "decision curve": (text) => {
    const points = [0.1, 0.5, 0.9].map((threshold) => ({
      threshold,
      model: 0.4 - threshold / 3,
      everyone: 0.4 - threshold,
    }));
    return decisionCurvePlot([{ label: text, points }], { title: text });
  },
  subgroup: (text) =>
    subgroupPlot(
      [figure(0.9), unknown].map((row) => ({ label: text, ...row })),
      {
        title: text,
        figureLabel: text,
        overall: figure(0.9),
      },
    ),
  "Bland–Altman": (text) =>
    blandAltmanPlot(
      {
        means: wave,
        differences: wave,
        bias: figure(0.1),
        lowerLimit: figure(-0.9),
        upperLimit: unknown,
      },
      { title: text, unit: text },
    ),
  "predicted against true": (text) =>
    predictedVersusTruePlot({ truth: wave, predicted: wave }, { title: text, unit: text }),
  Shapley: (text) => {
    const values = wave.map((value, index) => (index % 9 === 0 ? Number.NaN : value));
    return shapleyPlot([{ label: text, contributions: wave, values }], {
      title: text,
      axisLabel: text,
    });
  },
};

describe.each(Object.entries(plots))("the %s plot", (_, draw) => {
  it("is well-formed XML whatever its labels hold", () => {
    const expected = elementNames(draw("label"));
    expect(expected.slice(0, 3)).toEqual(["svg", "title", "desc"]);
    for (const text of ["<&>\"'", "</svg><script>", "\u0000\u0001\u202e\ud800", "é 肿瘤 🫁"]) {
      expect(elementNames(draw(text))).toEqual(expected);
    }
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (text) => {
        elementNames(draw(text));
      }),
      { numRuns: 10 },
    );
  });

  it("carries no fixed colour, script, link, style sheet or id", () => {
    const svg = draw("label");
    expect(svg).not.toMatch(/<script|<style|href|url\(|\sid=|\son\w+=/);
    for (const [, value] of svg.matchAll(/(?:fill|stroke)="([^"]*)"/g)) {
      expect(value).toMatch(/^(none|currentColor|var\(--plot-[\w-]+, currentColor\))$/);
    }
  });

  it("names itself for a screen reader", () => {
    expect(draw("label")).toMatch(/^<svg[^>]* role="img"/);
    expect(draw("label")).toMatch(/<title>[^<]+<\/title><desc>[^<]+<\/desc>/);
  });

  it("holds no coordinate that is not a number and is drawn the same twice", () => {
    expect(draw("label")).not.toMatch(/NaN|Infinity|undefined|null/);
    expect(draw("label")).toBe(draw("label"));
  });
});

it("plots of no data at all are drawn, empty", () => {
  const nothing = [
    rocPlot([]),
    precisionRecallPlot([]),
    calibrationPlot([]),
    importancePlot([]),
    learningCurvePlot([]),
    decisionCurvePlot([]),
    subgroupPlot([]),
    predictedVersusTruePlot({ truth: [], predicted: [] }),
    shapleyPlot([]),
    trainingCurvePlot([]),
  ];
  for (const svg of nothing) {
    elementNames(svg);
    expect(svg).not.toMatch(/NaN|Infinity/);
  }
});

it("a curve or cloud of a hundred thousand points stays a small drawing", () => {
  const count = 100_000;
  const points = Array.from({ length: count }, (_, index) => ({
    falsePositiveRate: index / count,
    truePositiveRate: Math.sqrt(index / count),
  }));
  expect(rocPlot([{ label: "all", points }]).length).toBeLessThan(40_000);
  const truth = Float64Array.from({ length: count }, (_, index) => index % 317);
  const predicted = truth.map((value, index) => value + (index % 101));
  expect(predictedVersusTruePlot({ truth, predicted }).length).toBeLessThan(300_000);
});

it("the ROC curve is drawn where its points are", () => {
  const svg = rocPlot(
    [
      {
        label: "x",
        points: [0, 0.5, 1].map((rate) => ({
          falsePositiveRate: rate,
          truePositiveRate: Math.sqrt(rate),
        })),
      },
    ],
    { width: 172 },
  );
  // Axes span x 56 … 156 and y 128 … 12.
  expect(svg).toContain(
    `d="M56,128L106,${Number((128 - 116 * Math.sqrt(0.5)).toFixed(2))}L156,12"`,
  );
});

it("the decision curve breaks where it leaves the drawing and returns", () => {
  const points = [0.1, 0.2, 0.3, 0.4, 0.5].map((threshold, index) => ({
    threshold,
    model: [0.4, -1, -1, 0.1, 0.05][index],
    everyone: 0.4,
  }));
  const svg = decisionCurvePlot([{ label: "x", points }]);
  const lines = [...svg.matchAll(/stroke="var\(--plot-1, currentColor\)"[^>]*><path/g)];
  expect(lines.length).toBe(2);
});

it("the section on a training draws its losses, each figure and the learning rate", () => {
  const record = (epoch: number) => ({
    epoch,
    step: 10 * epoch,
    learningRate: 0.1 / epoch,
    loss: 1,
  });
  const judged = { loss: 2, dice: 0.5, accuracy: 0.25 };
  const history = [1, 2].map((epoch) => ({ ...record(epoch), validation: judged }));
  const titles = (...courses: TrainingCourse[]) => {
    const [block] = trainingSection(courses).blocks;
    const figures = block.kind === "figures" ? block.figures : [];
    return figures.map(({ svg }) => svg.match(/<title>(.*?)<\/title>/)?.[1]);
  };
  const course = { history, bestEpoch: 2 };
  expect(titles(course)).toEqual(["Loss", "Dice", "Accuracy", "Learning rate"]);
  expect(titles({ history: [record(1)] })).toEqual(["Loss", "Learning rate"]);
  const several = ["Training loss", "Validation loss", "Dice", "Accuracy", "Learning rate"];
  expect(titles(course, course)).toEqual(several);
});

it.each([
  [1, ["1"]],
  [2, ["1", "2"]],
  [3, ["1", "2", "3"]],
  [50, ["10", "20", "30", "40", "50"]],
])("%i epochs of a training are whole numbers on the axis", (epochs, expected) => {
  const points = Array.from({ length: epochs }, (_, at) => ({ epoch: at + 1, value: at / 1000 }));
  const svg = trainingCurvePlot([{ label: "Training", points }]);
  const labels = [...svg.matchAll(/>(\d+)<\/text>/g)].map(([, text]) => text);
  expect(labels).toEqual(expected);
});
