import { describe, expect, it } from "vitest";
import { modelCard, type TableDescription } from "../../src/study/index.ts";
import { filmDescription } from "./image-descriptions.ts";

const metric = {
  name: "rocAuc",
  label: "ROC AUC",
  value: 0.9912,
  low: 0.9781,
  high: 0.9984,
  level: 0.95,
  n: 114,
  method: "DeLong",
};

const description: TableDescription = {
  kind: "table",
  name: "diagnosis by forest",
  learner: "random forest",
  target: {
    task: "classification",
    name: "diagnosis",
    classes: [
      { name: "benign" },
      { name: "malignant", snomed: { code: "363346000", display: "Cancer" } },
    ],
    threshold: 0.4,
  },
  inputs: [
    { kind: "number", name: "area", unit: "mm²", minimum: 143.5, maximum: 2501, missing: 0.02 },
    { kind: "number", name: "empty", minimum: null, maximum: null, missing: 1 },
    { kind: "category", name: "site", categories: ["A", "B"], missing: 0 },
  ],
  preprocessing: [{ name: "impute", parameters: {}, insideModel: true, description: "medians" }],
  tensors: { input: "features", scores: "probabilities" },
  metrics: [metric, { ...metric, name: "mcc", label: "MCC", value: null, low: null, high: null }],
  training: { rows: 455, patients: 400 },
  data: [{ name: "wdbc.csv", bytes: 10, sha256: "a".repeat(64) }],
  versions: { roentgen: "0.1.0", node: "24.1.0" },
  seed: 7,
};

const card = modelCard(description, {
  findings: ["perimeter alone predicts diagnosis"],
  limits: ["Not for children."],
  subgroups: [{ name: "site = A", n: 60, metrics: [metric] }],
});

describe("a model card", () => {
  it("has the sections that readers look for", () => {
    expect([...card.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual([
      "Intended use",
      "Performance",
      "Performance by subgroup",
      "Limits",
      "Findings in the data",
      "Inputs",
      "Preprocessing",
      "Provenance",
    ]);
  });

  it("gives figures with interval, N and method, and says what is not defined", () => {
    expect(card).toContain("| ROC AUC | 0.991 | 0.978–0.998 (95 %) | 114 | DeLong |");
    expect(card).toContain("| MCC | not defined |  | 114 | DeLong |");
    expect(card).toContain("| site = A | 60 | 0.991 (0.978–0.998) |");
  });

  it("states ranges and categories seen in training", () => {
    expect(card).toContain("| area | number | 143.5 to 2501 mm² | 2.0 % |");
    expect(card).toContain("| empty | number | nothing | 100.0 % |");
    expect(card).toContain("| site | category | A, B | 0.0 % |");
  });

  it("names classes with their concepts, the positive one and its threshold", () => {
    expect(card).toContain("malignant (SNOMED CT 363346000, Cancer)");
    expect(card).toContain("Positive means malignant.");
    expect(card).toContain("from a probability of 0.4 on");
  });

  it("says by itself that it is for research and knows only its data", () => {
    expect(modelCard(description)).toContain("It is no medical device");
    expect(modelCard(description)).toContain("another scanner, site or population");
  });

  it("takes names for text, not for Markdown or HTML", () => {
    const hostile = "a|b\n# c <script> [x](http://y) `z` *w* _v_ \\";
    const text = modelCard({ ...description, name: hostile, learner: hostile });
    expect(text.split("\n")[0]).toBe(
      "# a\\|b \\# c &lt;script\\> \\[x\\](http://y) \\`z\\` \\*w\\* \\_v\\_ \\\\",
    );
    expect(text.split("\n").filter((line) => line.startsWith("# ")).length).toBe(1);
  });
});

describe("the card of a model of images", () => {
  const filmCard = modelCard(filmDescription);

  it("says what it predicts, from when on, and what is done to an image", () => {
    expect(filmCard).toContain("learnt from 800 images of 640 patients");
    expect(filmCard).toContain("from a probability of 0.31 (youden) on");
    expect(filmCard).toContain("- Size 16 × 16, one channel; another size is shrunk");
    expect(filmCard).toContain("An image with a distance above 9.9 is unlike those");
  });

  it("names the findings that go together, each with its threshold", () => {
    const labels = [
      { name: "effusion", threshold: { value: 0.2, rule: "youden" } },
      { name: "nodule", threshold: { value: 0.1, rule: "sensitivity of at least 0.95" } },
    ];
    const target = { kind: "labels", name: "findings", labels } as const;
    const card = modelCard({ ...filmDescription, target: { ...target, labels } });
    expect(card).toContain("effusion 0.2 (youden), nodule 0.1 (sensitivity of at least 0.95)");
  });

  it("says the unit of a measurement", () => {
    const target = { kind: "number", name: "bone age", unit: "months" } as const;
    expect(modelCard({ ...filmDescription, target })).toContain("Its unit is months.");
  });
});
