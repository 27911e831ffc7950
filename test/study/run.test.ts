import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { describeProvenance, openRun, readRun } from "../../src/study/index.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "roentgen-run-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const config = { seed: 0, model: "forest", options: { trees: 100, maxDepth: null } };
const results = {
  metrics: { b: 1, a: { d: Number.NaN, c: [1, 2] }, curve: Float64Array.of(0.1, 1) },
  predictions: "row,predicted\n0,benign\n",
  report: "<!doctype html>",
  bundle: Uint8Array.of(80, 75),
};
const read = (...path: string[]) => readFileSync(join(...path), "utf8");

describe("a run", () => {
  it("leaves every file of the design in a folder that it makes", async () => {
    const run = await openRun(join(folder, "deep/run"), { config });
    await run.log("trained", { trees: 100 });
    await run.finish(results);
    expect(readdirSync(run.folder).sort()).toEqual([
      "config.json",
      "log.jsonl",
      "metrics.json",
      "model.roentgen",
      "predictions.csv",
      "report.html",
    ]);
  });

  it("keeps a log of dated events, one a line", async () => {
    const run = await openRun(folder, { config });
    await run.log("trained", { trees: 100 });
    await run.finish(results);
    const lines = read(folder, "log.jsonl")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ event }) => event)).toEqual(["started", "trained", "finished"]);
    expect(lines[1].trees).toBe(100);
    for (const { time } of lines) expect(Date.parse(time)).not.toBeNaN();
  });

  it("writes the same metrics.json and config.json twice, keys sorted and NaN as null", async () => {
    const texts = [];
    for (const name of ["a", "b"]) {
      const run = await openRun(join(folder, name), { config });
      await run.finish(results);
      texts.push([read(run.folder, "metrics.json"), read(run.folder, "config.json")]);
    }
    expect(texts[0]).toEqual(texts[1]);
    const metrics = { a: { c: [1, 2], d: null }, b: 1, curve: [0.1, 1] };
    expect(texts[0][0]).toBe(`${JSON.stringify(metrics, null, 2)}\n`);
  });

  it("states a config that runs it again", async () => {
    const data = [{ name: "x.csv", bytes: 3, sha256: "ba".repeat(32) }];
    const provenance = describeProvenance({
      data,
      seed: 0,
      threads: 2,
      versions: { onnxruntime: "1" },
    });
    const run = await openRun(folder, { config, provenance });
    await run.finish(results);
    expect(await readRun(folder)).toEqual({ settings: config, provenance });
    expect(provenance.versions.node).toBe(process.versions.node);
  });

  it("is not replaced unless told, and then wholly", async () => {
    await (await openRun(folder, { config })).finish(results);
    writeFileSync(join(folder, "notes.txt"), "mine");
    const other = { ...config, seed: 99 };
    await expect(openRun(folder, { config: other })).rejects.toThrow("holds a finished run");
    const run = await openRun(folder, { config: other, force: true });
    expect(read(folder, "predictions.csv")).toBe(results.predictions);
    await run.finish({ metrics: { a: 2 } });
    expect(readdirSync(folder).sort()).toEqual([
      "config.json",
      "log.jsonl",
      "metrics.json",
      "notes.txt",
    ]);
  });

  it("may be done again with the same settings", async () => {
    await (await openRun(folder, { config })).finish(results);
    const first = read(folder, "metrics.json");
    await (await openRun(folder, { config })).finish(results);
    expect(read(folder, "metrics.json")).toBe(first);
  });

  it("does not start in the place of a file", async () => {
    writeFileSync(join(folder, "run"), "");
    await expect(openRun(join(folder, "run"), { config })).rejects.toThrow("expected a folder");
  });

  it("can be started again where one did not finish", async () => {
    await openRun(folder, { config });
    await (await openRun(folder, { config })).finish(results);
    expect(existsSync(join(folder, "metrics.json"))).toBe(true);
  });
});

it("readRun says what a config.json lacks", async () => {
  await expect(readRun(folder)).rejects.toThrow("no file");
  for (const text of ["{", "[]", "null", '{"schemaVersion": 1}']) {
    writeFileSync(join(folder, "config.json"), text);
    await expect(readRun(folder)).rejects.toThrow("config.json of a Roentgen run");
  }
});
