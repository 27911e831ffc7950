import { describe, expect, it } from "vitest";
import { randomStream } from "../../src/base/index.ts";
import {
  conformalSets,
  coverageFigure,
  fitConformal,
  judgeClassification,
  judgeMultiLabel,
  labelSubgroupTable,
  type MultiLabelJudgement,
} from "../../src/statistics/index.ts";
import {
  bundleMetrics,
  type ImageStudy,
  imageReport,
  type Report,
  renderReport,
} from "../../src/study/index.ts";
import { classificationStudy, drawClassification, regressionStudy } from "./studies.ts";

const classes = ["disc", "ring", "star"];
const titles = ({ sections }: Report) => sections.map(({ title }) => title);
const epoch = { learningRate: 0.001, loss: 0.5, validation: { loss: 0.6, accuracy: 0.8 } };

/** What a study of images has beside the judgement; all text that a user's data could bring is given. */
function surroundings(text: string) {
  return {
    learner: "network “small”",
    target: text,
    data: { name: text, images: 500, patients: 400, input: "64 × 64, 1 channel", notes: [text] },
    split: {
      description: text,
      sides: ["Learnt from", "Tuned and calibrated on", "Judged on"].map((label) => ({
        ...{ label, count: 120, patients: 100 },
      })),
    },
    findings: [{ level: "warning" as const, title: text, text }],
    courses: [
      {
        history: [
          { epoch: 1, step: 10, ...epoch },
          { epoch: 2, step: 20, ...epoch },
        ],
        bestEpoch: 2,
      },
    ],
    unusual: { usual: 0.95, threshold: 12.3456, above: 9, of: 120 },
    network: { facts: [{ label: text, value: text }], augmentation: [{ name: "random-flip" }] },
    config: { data: text },
    command: text,
  };
}

async function classStudy(text = "x"): Promise<ImageStudy> {
  const { subgroups, provenance } = await classificationStudy(classes, { text });
  const drawn = drawClassification(classes, 120, 2);
  const judgement = await judgeClassification(drawn);
  const fit = fitConformal(drawn.probabilities, drawn.labels, { classes, perClass: true });
  const sets = conformalSets(fit, drawn.probabilities);
  return {
    ...surroundings(text),
    ...{ judgement, byPatient: judgement, subgroups, provenance },
    sets: { promise: fit.promise, coverage: coverageFigure(sets, drawn.labels, { classes }) },
  };
}

describe("the report of classes of images", async () => {
  const study = await classStudy();
  const report = imageReport(study);
  const html = renderReport(report);

  it("tells everything that the study holds", () => {
    expect(titles(report)).toEqual([
      "How good it is",
      "How good it is by patient",
      "Can its probabilities be trusted",
      "When it is not sure",
      "Images unlike those it learnt from",
      "For whom it works",
      "How it learnt",
      "The network",
      "The data and the split",
      "Settings",
    ]);
  });

  it("leaves out what the study lacks", () => {
    const { byPatient, sets, unusual, subgroups, ...least } = study;
    expect(titles(imageReport(least))).toEqual([
      "How good it is",
      "Can its probabilities be trusted",
      "How it learnt",
      "The network",
      "The data and the split",
      "Settings",
    ]);
  });

  it("says what sets promise and how often they held the true class", () => {
    const { promise, coverage } = study.sets!;
    expect(html).toContain(promise.slice(0, 20));
    const table = html.slice(html.indexOf("Sets on cases not learnt from"));
    expect(table).toContain(
      `Sets that hold the true class</th><td class="end">${coverage.coverage.value?.toFixed(3)}`,
    );
    for (const name of classes) expect(table).toContain(`… of “${name}”`);
  });

  it("counts images that are unlike those learnt from, or says why it can't", () => {
    expect(html).toMatch(/above 12\.\d+ an image is called unusual, which at most 5\s% /u);
    expect(html).toMatch(/Of 120 images judged on, 9 \(7\.5\s%\) were/u);
    const few = { threshold: null, thresholdMissingBecause: "there are 3", above: 0 };
    const unsaid = renderReport(imageReport({ ...study, unusual: { ...study.unusual!, ...few } }));
    expect(unsaid).toContain("could not be said: there are 3.");
  });

  it("tells the images and patients of every side", () => {
    expect(html).toContain("Learnt from x: 500 images, 400 patients");
    for (const { label } of study.split.sides) {
      expect(html).toContain(
        `<th scope="row">${label}</th><td class="end">120</td><td class="end">100</td>`,
      );
    }
  });

  it("shows other images below a picture, and counts them among those that it holds", () => {
    const picture = { png: new Uint8Array([1, 2, 3]), width: 10, height: 5 };
    const below = { ...picture, images: 3 };
    const groups = [
      { title: "Mistakes", pictures: [{ ...picture, title: "a", lines: [], below }] },
    ];
    const shown = renderReport(imageReport({ ...study, gallery: { reading: "Look.", groups } }));
    expect(shown.match(/<img [^>]*width="10"/g)).toHaveLength(2);
    expect(shown).toContain("It shows 4 images of the data");
  });

  it("shows pictures with their names, says that it holds them, and leaves out empty groups", () => {
    const picture = { png: Uint8Array.of(1, 2, 3), width: 8, height: 4, title: "a.png" };
    const groups = [
      { title: "Mistakes", pictures: [] },
      { title: "Right", pictures: [{ ...picture, lines: ["true: <b>"] }] },
    ];
    const shown = renderReport(imageReport({ ...study, gallery: { reading: "Look.", groups } }));
    expect(shown).toContain('<img src="data:image/png;base64,AQID" width="8" height="4"');
    expect(shown).toContain("<b>a.png</b><br>true: &lt;b&gt;");
    expect(shown).toContain("It shows 1 image of the data");
    expect(shown).toContain("Right (1)");
    expect(shown).not.toContain("Mistakes");
    expect(html).not.toContain("<img");
  });

  it("lets no text of the data through as HTML", async () => {
    const hostile = renderReport(imageReport(await classStudy("<img src=x onerror=alert(1)>")));
    expect(hostile).not.toContain("<img src=x");
  });
});

/** Five findings of 120 images, some unknown, the last one never there. */
async function findingStudy(text = "finding"): Promise<ImageStudy> {
  const { provenance } = await regressionStudy();
  const random = randomStream({ seed: 8, purpose: "test/finding-study" });
  const labels = Array.from({ length: 5 }, (_, at) => `${text} ${at}`);
  const truth = Float64Array.from({ length: 600 }, (_, at) => {
    if (random.uniform() < 0.1) return Number.NaN;
    return at % 5 === 4 ? 0 : Number(random.uniform() < 0.4);
  });
  const probabilities = truth.map((is) => {
    const signal = Number.isNaN(is) ? 0 : 2 * is - 1;
    return 1 / (1 + Math.exp(-signal - random.normal()));
  });
  const drawn = { labels, truth, probabilities, thresholds: 0.4, resamples: 50 };
  const judgement = await judgeMultiLabel(drawn);
  const subgroup = Array.from({ length: 120 }, (_, row) => `${text} ${row % 2}`);
  const rows = await labelSubgroupTable({ ...drawn, subgroup });
  return {
    ...surroundings(text),
    ...{ judgement, byPatient: judgement, subgroups: [{ column: text, rows }], provenance },
  };
}

describe("the report of findings that go together", async () => {
  const study = await findingStudy();
  const { judgement } = study as ImageStudy & { judgement: MultiLabelJudgement };
  const report = imageReport(study);
  const html = renderReport(report);

  it("tells everything that the study holds", () => {
    expect(titles(report)).toEqual([
      "How good it is",
      "Finding by finding",
      "How good it is by patient",
      "Images unlike those it learnt from",
      "For whom it works",
      "How it learnt",
      "The network",
      "The data and the split",
      "Settings",
    ]);
    expect(report.lead.figures[0].value).toBe(judgement.macro.rocAuc.value?.toFixed(3));
  });

  it("counts what was found, missed and falsely found of each", () => {
    for (const [at, { name, positives, n, unknown, figures }] of judgement.perLabel.entries()) {
      const start = html.indexOf(`<th scope="row">${name}</th>`);
      const [found, missed, falsely, rightly, not] = html
        .slice(start, html.indexOf("</tr>", start))
        .match(/class="end">(\d+)/g)!
        .map((cell) => Number(cell.replace(/\D/g, "")));
      expect([found + missed, falsely + rightly, not]).toEqual([positives, n - positives, unknown]);
      if (at < 4) expect(found / positives).toBeCloseTo(figures.sensitivity.value as number, 9);
      expect(rightly / (n - positives)).toBeCloseTo(figures.specificity.value as number, 9);
    }
  });

  it("draws the curves of each that could be judged, and says why not of another", () => {
    for (const { name } of judgement.perLabel.slice(0, 4)) {
      expect(html).toContain(`ROC curve of ${name}`);
      expect(html).toContain(`Calibration of ${name}`);
    }
    expect(html).toMatch(/finding 4: ROC AUC not defined[\s\S]*No curves: [^.<]+\./);
    expect(html).toMatch(/none to lack, “finding 4”; the means are over the other findings/);
  });

  it("states the same figures in the bundle, those of each finding under its name", () => {
    const metrics = bundleMetrics(judgement);
    const value = (name: string) => metrics.find((one) => one.name === name)?.value;
    expect(value("macro.rocAuc")).toBe(judgement.macro.rocAuc.value);
    expect(value("finding 2.npv")).toBe(judgement.perLabel[2].figures.npv.value);
    expect(new Set(metrics.map(({ name }) => name)).size).toBe(metrics.length);
  });

  it("lets no text of the data through as HTML", async () => {
    const hostile = renderReport(imageReport(await findingStudy("<img src=x onerror=alert(1)>")));
    expect(hostile).not.toContain("<img src=x");
  });
});

describe("the report of a measurement of images", async () => {
  const { judgement, provenance } = await regressionStudy();
  const { data, ...others } = surroundings("volume");
  const range = { low: 4, median: 20, high: 35.5 };
  const report = imageReport({
    ...others,
    data: { ...data, range },
    ...{ judgement, provenance, unit: "ml" },
  });

  it("has no sections of classes", () => {
    expect(titles(report)).toEqual([
      "How good it is",
      "Images unlike those it learnt from",
      "How it learnt",
      "The network",
      "The data and the split",
      "Settings",
    ]);
  });

  it("gives the unit", () => {
    expect(report.lead.summary).toMatch(/off by [\d.]+ ml on average/);
    expect(renderReport(report)).toMatch(/4(\.0+)? to 35\.50? ml, median 20/);
  });
});
