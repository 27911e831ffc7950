import { describe, expect, it } from "vitest";
import { judgeClassification } from "../../src/statistics/index.ts";
import {
  bundleMetrics,
  classificationReport,
  namedFigures,
  type Report,
  regressionReport,
  renderReport,
} from "../../src/study/index.ts";
import { classificationStudy, drawClassification, regressionStudy } from "./studies.ts";

const titles = ({ sections }: Report) => sections.map(({ title }) => title);
const everything = [
  "How good it is",
  "Can its probabilities be trusted",
  "For whom it works",
  "What the model goes by",
  "Does it hold, and would more data help",
  "The data and the split",
  "Settings",
];

describe("the report of two classes", async () => {
  const study = await classificationStudy(["benign", "malignant"]);
  const report = classificationReport(study);
  const { judgement } = study;

  it("tells everything that the study holds", () => {
    expect(titles(report)).toEqual(everything);
  });

  it("says in words how many cases of each class were found", () => {
    const [[tn, fp], [fn, tp]] = judgement.confusion;
    expect(report.lead.summary).toContain(`Of 120 cases that it had not seen`);
    expect(report.lead.summary).toContain(`gave ${tp + tn} their true class`);
    expect(report.lead.summary).toContain(`found ${tp} of ${tp + fn} cases of “malignant”`);
    expect(report.lead.summary).toContain(`cleared ${tn} of ${tn + fp} cases of “benign”`);
    expect(report.lead.summary).toContain("Always answering “benign” would be right in 50.0 %.");
  });

  it("heads with four figures, each with interval and N", () => {
    expect(report.lead.figures.map(({ label }) => label)).toEqual([
      "ROC AUC",
      "Accuracy",
      "Sensitivity",
      "Specificity",
    ]);
    for (const { value, interval, note } of report.lead.figures) {
      expect(value).toMatch(/^\d\.\d{3}$/);
      expect(interval).toMatch(/^\d\.\d{3}–\d\.\d{3}$/);
      expect(note).toMatch(/^95 % interval, N = \d+$/);
    }
  });

  it("explains every figure that it gives in its glossary", () => {
    expect(report.glossary.length).toBe(Object.keys(judgement.figures).length);
  });

  it("gives every figure of the judgement once, in some table", () => {
    const html = renderReport(report);
    for (const { label } of namedFigures(judgement)) {
      expect(html).toContain(`<th scope="row">${label.replace("'", "&#39;")}</th>`);
    }
  });

  it("tells the classes of all rows and of each side", () => {
    const html = renderReport(report);
    expect(html).toContain("benign: 10 rows (2.0 %); malignant: 11 rows (2.2 %)");
    expect(html).toMatch(
      /<th scope="row">Learnt from<\/th><td class="end">380<\/td><td class="end">300<\/td><td class="end">10<\/td><td class="end">11<\/td>/,
    );
  });

  it("marks the operating point on the ROC curve, at the threshold used", async () => {
    const html = renderReport(
      classificationReport(await classificationStudy(["a", "b"], { threshold: 0.3 })),
    );
    expect(html).toContain("the symbol is the threshold that was used");
    expect(html).toContain("at a threshold of 0.3");
  });
});

it("the report of several classes has a table and a calibration of each", async () => {
  const classes = ["glioma", "meningioma", "pituitary", "none"];
  const report = classificationReport(await classificationStudy(classes));
  expect(titles(report)).toEqual(everything);
  const html = renderReport(report);
  for (const name of classes) {
    expect(html).toContain(`<th scope="row">${name}</th>`);
    expect(html).toContain(`<figcaption>Calibration of ${name}</figcaption>`);
  }
  expect(html).toContain("Each class against all others");
  expect(html).not.toContain("Net benefit: worth");
});

it("the calibration of many classes is folded after six", async () => {
  const classes = Array.from({ length: 9 }, (_, index) => `class ${index}`);
  const html = renderReport(classificationReport(await classificationStudy(classes)));
  expect(html).toContain("Calibration of 3 more classes");
});

it("the report of a regression speaks in the unit of the target", async () => {
  const study = { ...(await regressionStudy()), unit: "mm", target: "size" };
  const report = regressionReport(study);
  expect(titles(report)).toEqual(everything.filter((_, index) => index !== 1 && index !== 2));
  expect(report.lead.summary).toMatch(/predictions of size were off by [\d.]+ mm on average/);
  expect(report.lead.summary).toContain("About 95 % of the differences lie between −");
  expect(report.lead.figures[0].value).toMatch(/ mm$/);
  const html = renderReport(report);
  expect(html).toContain("True (mm)");
  expect(html).toContain("4.00 to 35.5 mm, median 20.0");
});

describe("a report warns", () => {
  it("when a classifier is not shown to beat a constant answer", async () => {
    const report = classificationReport(await classificationStudy(["a", "b"], { signal: 0 }));
    const found = report.notices.map(({ title }) => title);
    expect(found).toContain("Not shown to be better than a constant answer");
    const good = classificationReport(await classificationStudy(["a", "b"], { signal: 3 }));
    expect(good.notices.map(({ level }) => level)).toEqual(["warning"]);
  });

  it("when there are few cases to judge on", async () => {
    const report = classificationReport(await classificationStudy(["a", "b"], { rows: 24 }));
    expect(report.notices.map(({ text }) => text).join()).toContain("only 12 of “a”, 12 of “b”");
  });

  it.each([
    ["too cautious", 0.2],
    ["too extreme", 5],
  ])("when probabilities are %s", async (words, power) => {
    const drawn = drawClassification(["a", "b"], 400, 1);
    const probabilities = drawn.probabilities.map(
      (p) => p ** power / (p ** power + (1 - p) ** power),
    );
    const judgement = await judgeClassification({ ...drawn, probabilities });
    const report = classificationReport({ ...(await classificationStudy(["a", "b"])), judgement });
    expect(report.notices.map(({ title }) => title)).toContain(`Probabilities are ${words}`);
  });

  it("when a regression is no better than the mean, or biased", async () => {
    const poor = regressionReport(await regressionStudy({ noise: 20 })).notices.map(
      ({ title }) => title,
    );
    expect(poor).toContain("Not shown to be better than a constant answer");
    const high = regressionReport(await regressionStudy({ bias: 3 })).notices.map(
      ({ title }) => title,
    );
    expect(high).toContain("Predictions are too high on the whole");
  });
});

describe("a report of a study with little to tell", async () => {
  const full = await classificationStudy(["a", "b"]);

  it("leaves out the sections that nothing is known for", () => {
    const { judgement, learner, target, data, split, findings, config, provenance } = full;
    const report = classificationReport({
      judgement,
      learner,
      target,
      data: { ...data, missing: [], notes: [], patients: undefined },
      split,
      findings,
      config,
      provenance,
    });
    const kept = everything.filter((_, index) => ![2, 3, 4].includes(index));
    expect(titles(report)).toEqual(kept);
    expect(renderReport(report)).not.toContain("undefined");
  });

  it("says why a figure is not defined", async () => {
    const report = classificationReport(await classificationStudy(["a", "b"], { rows: 1 }));
    const html = renderReport(report);
    expect(html).toContain("not defined");
    expect(html).not.toMatch(/NaN|\bnull\b|undefined/);
  });
});

it.each([
  [
    "classification",
    async (text: string) =>
      classificationReport(await classificationStudy([text, `${text}2`], { text })),
  ],
  ["regression", async (text: string) => regressionReport(await regressionStudy({ text }))],
])("hostile names in a %s change no element of the page", async (_, compose) => {
  const tags = async (text: string) =>
    [...renderReport(await compose(text)).matchAll(/<([a-zA-Z!/][^\s>]*)/g)].map(
      ([, name]) => name,
    );
  const hostile = `</td><script>alert(1)</script><img src=x onerror=a>&"'`;
  expect(await tags(hostile)).toEqual(await tags("x".repeat(hostile.length)));
});

it("a bundle states every figure of the judgement under its name", async () => {
  const { judgement } = await classificationStudy(["a", "b"]);
  const metrics = bundleMetrics(judgement);
  expect(metrics.map(({ name }) => name).sort()).toEqual(Object.keys(judgement.figures).sort());
  expect(metrics.find(({ name }) => name === "rocAuc")).toMatchObject({
    label: "ROC AUC",
    value: judgement.figures.rocAuc?.value,
    level: 0.95,
  });
});
