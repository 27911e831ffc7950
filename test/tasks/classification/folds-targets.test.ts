// A training in folds of what is no class: findings and measurements, from the command to pictures of what was looked at.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runInProcess } from "../../cli/run-in-process.ts";
import { drawFindings, FINDINGS } from "./drawn-findings.ts";
import { drawFolder } from "./drawn-folder.ts";

const folder = mkdtempSync(join(tmpdir(), "roentgen-folds-targets-"));
const FOLDS = 2;
const quick = [
  ...["--folds", String(FOLDS), "--model", "cnn", "--size", "32", "--epochs", "1"],
  ...["--learning-rate", "3e-3", "--flips", "none", "--gallery", "1", "--threads", "1"],
];
const read = (name: string) => readFileSync(join(folder, name), "utf8");

/** Runs the command, which must do its work, and gives what it wrote. */
async function roentgen(...words: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await runInProcess(folder, words);
  expect(status, stderr).toBe(0);
  return stdout;
}

/** Rows of a CSV by the names of its columns. */
function rowsOf(csv: string): Record<string, string>[] {
  const [names, ...lines] = csv
    .trim()
    .split("\n")
    .map((line) => line.split(","));
  return lines.map((cells) => Object.fromEntries(names.map((name, at) => [name, cells[at]])));
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a training in folds", { timeout: 120_000 }, () => {
  it("learns findings, each calibrated on what a network had not seen", async () => {
    drawFindings(join(folder, "films"), { count: 60 });
    const target = FINDINGS.join();
    await roentgen("train", "films/labels.csv", "--target", target, ...quick, "--out", "found");
    const { training, split, calibration } = JSON.parse(read("found/metrics.json"));
    expect(training).toHaveLength(FOLDS);
    for (const { line } of calibration.labels) expect(line.n + line.unknown).toBe(split.train);
    const judged = rowsOf(read("found/predictions.csv")).slice(0, 2);
    const films = judged.map(({ image }) => `films/${image}`);
    const predicted = rowsOf(await roentgen("predict", "found", ...films, "--threads", "1"));
    const evidence = ["--class", "bar", "--out", "where", "--threads", "1"];
    const explained = rowsOf(await roentgen("explain", "found", ...films, ...evidence));
    for (const [at, row] of judged.entries()) {
      for (const name of FINDINGS) {
        const column = `probability_${name}`;
        expect(Number(predicted[at][column])).toBeCloseTo(Number(row[column]), 5);
      }
      expect(explained[at].explained).toBe("bar");
      expect(Number(explained[at].probability)).toBeCloseTo(Number(row.probability_bar), 5);
    }
    const again = JSON.parse(await roentgen("evaluate", "found", "films/labels.csv", "--json"));
    expect(again.test).toMatchObject({ n: 60, labels: FINDINGS });
    expect(again.known).toMatchObject({ of: 60, train: split.train, validation: 0 });
  });

  it("learns a measurement that the name of its column does not give away", async () => {
    drawFolder(join(folder, "scans"), { each: 20 });
    const sizes = ["disc", "ring"].flatMap((name, kind) =>
      Array.from({ length: 20 }, (_, at) => `${name}/${at}.png,${30 * kind + (at % 7) + 0.5}`),
    );
    writeFileSync(join(folder, "scans", "sizes.csv"), ["image,extent", ...sizes].join("\n"));
    const table = "scans/sizes.csv";
    await roentgen("train", table, "--target", "extent", ...quick, "--out", "measured");
    const { training, split } = JSON.parse(read("measured/metrics.json"));
    expect(training).toHaveLength(FOLDS);
    const [row] = rowsOf(read("measured/predictions.csv"));
    const scan = `scans/${row.image}`;
    const [predicted] = rowsOf(await roentgen("predict", "measured", scan, "--threads", "1"));
    expect(predicted.predicted).toBe(row.predicted);
    const seen = ["--out", "seen", "--threads", "1"];
    const [explained] = rowsOf(await roentgen("explain", "measured", scan, ...seen));
    expect(explained).toMatchObject({ predicted: predicted.predicted, explained: "extent" });
    const again = JSON.parse(await roentgen("evaluate", "measured", table, "--json"));
    expect(again.test).toMatchObject({ task: "regression", n: 40 });
    expect(again.known).toMatchObject({ of: 40, train: split.train, validation: 0 });
  });
});
