// A network for several findings an image, trained, kept, judged, put to use and judged again.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readBundle } from "../../../src/study/index.ts";
import { evaluateImages } from "../../../src/tasks/classification/evaluate-images.ts";
import { explainImageFiles } from "../../../src/tasks/classification/explain-image-files.ts";
import type { FindingsJudgement } from "../../../src/tasks/classification/judge-findings.ts";
import { predictImageFiles } from "../../../src/tasks/classification/predict-image-files.ts";
import { type SavedImages, saveImages } from "../../../src/tasks/classification/save-images.ts";
import { drawFindings, FINDINGS } from "./drawn-findings.ts";

const folder = mkdtempSync(join(tmpdir(), "roentgen-findings-"));
const data = join(folder, "data");
const table = join(data, "labels.csv");
const asked = { data: table, target: FINDINGS.join(), subgroups: ["site"], gallery: 7 };
const quick = { epochs: 2, learningRate: 3e-3, size: 48, resamples: 100 };
const text = (name: string) => readFileSync(join(folder, "run", name), "utf8");

/** The columns of predictions.csv by name. */
function predictionsOf(csv: string): Record<string, string>[] {
  const [head, ...lines] = csv.trim().split("\n");
  const names = head.split(",");
  return lines.map((line) => {
    const cells = line.split(",");
    return Object.fromEntries(names.map((name, at) => [name, cells[at]]));
  });
}

describe("a network for several findings", { timeout: 240_000 }, () => {
  let saved: SavedImages;
  beforeAll(async () => {
    drawFindings(data, { count: 160 });
    saved = await saveImages(join(folder, "run"), { ...asked, ...quick }, { device: "cpu" });
  }, 240_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("learns each of them, though some are not known of every image", () => {
    const { judgement, dataset, members, split } = saved.trained;
    const [{ history }] = members;
    expect(dataset.target).toMatchObject({ kind: "labels", labels: FINDINGS });
    const { byImage, byPatient } = judgement as FindingsJudgement;
    expect(byImage.n).toBe(split.test.length);
    expect(byPatient?.n).toBe(split.test.length / 2);
    for (const { figures, unknown, n } of byImage.perLabel) {
      expect(n + unknown).toBe(byImage.n);
      expect(figures.rocAuc.value).toBeGreaterThan(0.9);
    }
    expect(byImage.incomplete).toBeGreaterThan(0);
    expect(history.every(({ validation }) => Number.isFinite(validation?.loss))).toBe(true);
    expect(history.at(-1)?.validation?.["mean ROC AUC"]).toBeGreaterThan(0.9);
    const patients = [split.train, split.test].map(
      (rows) => new Set(Array.from(rows, (row) => dataset.samples[row].patient)),
    );
    expect([...patients[0]].some((patient) => patients[1].has(patient))).toBe(false);
  });

  it("states the line and the threshold of each in its bundle", async () => {
    const { files, trained } = saved;
    const bundle = await readBundle(new Uint8Array(readFileSync(files.bundle)), files.bundle);
    const labels = trained.calibration?.labels ?? [];
    expect(bundle.manifest).toMatchObject({
      kind: "image",
      target: {
        kind: "labels",
        labels: labels.map(({ label, threshold: { value, rule } }) => ({
          name: label,
          threshold: { value, rule },
        })),
      },
      calibration: {
        method: "platt",
        lines: labels.map(({ line: { slope, intercept } }) => ({ slope, intercept })),
      },
    });
    expect(bundle.manifest.metrics.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["macro.rocAuc", "micro.averagePrecision", "bar.sensitivity"]),
    );
    expect(bundle.card).toMatch(/It looks for disc, ring, bar/);
  });

  it("predicts from the bundle what was judged, with a call of each", async () => {
    const rows = predictionsOf(text("predictions.csv"));
    const paths = rows.map(({ image }) => join(data, image));
    const predicted = await predictImageFiles(join(folder, "run"), paths, { device: "cpu" });
    for (const [at, row] of predicted.rows().entries()) {
      for (const name of FINDINGS) {
        const probability = Number(rows[at][`probability_${name}`]);
        expect(Math.abs(Number(row[`probability_${name}`]) - probability)).toBeLessThan(2e-6);
        expect(row[`found_${name}`]).toBe(rows[at][`found_${name}`] === "yes");
        expect((row.predicted as string[]).includes(name)).toBe(row[`found_${name}`]);
      }
      expect(row.distance).toBeGreaterThan(0);
    }
    expect(predicted.csv().split("\n")[0]).toContain("found_disc,found_ring,found_bar");
    expect(rows.some(({ true_disc }) => true_disc === "")).toBe(true);
  });

  it("is judged on labelled images as it was on those held out", async () => {
    const rows = predictionsOf(text("predictions.csv"));
    const options = { data: table, target: asked.target, subgroups: ["site"], resamples: 100 };
    const evaluated = await evaluateImages(join(folder, "run"), options);
    const { byImage, subgroups } = evaluated.judgement as FindingsJudgement;
    expect(byImage.n).toBe(160);
    expect(subgroups[0].rows.map(({ value }) => value)).toEqual(["A", "B"]);
    const metrics = JSON.parse(text("metrics.json"));
    expect(metrics.test.perLabel[0].curves).toBeUndefined();
    expect(metrics.test.n).toBe(rows.length);
    expect(metrics.subgroups[0].rows).toHaveLength(2);
    expect(Object.keys(metrics.test).sort()).toEqual(
      Object.keys(evaluated.metrics.test as object).sort(),
    );
  });

  it("shows where it sees the finding that is asked for", async () => {
    const rows = predictionsOf(text("predictions.csv"));
    const films = rows.filter(({ found_bar }) => found_bar === "yes").slice(0, 2);
    const paths = films.map(({ image }) => join(data, image));
    const out = join(folder, "explained");
    const found = await explainImageFiles(join(folder, "run"), paths, { out, explained: "bar" });
    for (const { explained, probability, overlay, path } of found.images) {
      expect(explained).toBe("bar");
      const row = films.find(({ image }) => path.endsWith(`/${image}`));
      expect(Math.abs(Number(probability) - Number(row?.probability_bar))).toBeLessThan(2e-6);
      expect(readFileSync(overlay).subarray(1, 4).toString()).toBe("PNG");
    }
  });

  it("tells all of it in a report without anything from the network", () => {
    const report = text("report.html");
    for (const part of ["How good it is by patient", "Finding by finding", "For whom it works"]) {
      expect(report).toContain(part);
    }
    for (const name of FINDINGS) expect(report).toContain(`${name}: ROC AUC`);
    expect(report).toContain("Precision–recall curve of bar");
    expect(report).toContain("Falsely found");
    expect(report).toMatch(/found from a probability of 0\.\d+ on \(youden\)/);
    const pictures = report.match(/src="data:image\/png;base64,[\w+/=]{200,}"/g);
    const near = report.match(/nearest learnt from: /g) ?? [];
    expect(pictures).toHaveLength(asked.gallery + near.length);
    expect(report).not.toMatch(/(?:src|href)="(?!#|data:)/);
  });
});

describe("a data set of findings", () => {
  it("leaves out a finding that nothing can be learnt of, and refuses where none is left", async () => {
    const lone = mkdtempSync(join(tmpdir(), "roentgen-findings-"));
    try {
      drawFindings(lone, { count: 40, findings: ["disc", "hernia"] });
      const options = { ...quick, data: join(lone, "labels.csv"), epochs: 1, gallery: 0 };
      const run = join(lone, "run");
      const { trained } = await saveImages(run, { ...options, target: "disc,hernia" });
      expect(trained.dataset.target).toMatchObject({ labels: ["disc"] });
      expect(trained.notes.join(" ")).toContain('none to lack it: "hernia"');
      await expect(
        saveImages(join(lone, "no"), { ...options, task: "labels", target: "hernia" }),
      ).rejects.toMatchObject({ code: "too-few-samples" });
    } finally {
      rmSync(lone, { recursive: true, force: true });
    }
  }, 120_000);
});
