import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeFileWhole } from "#files";
import { openSession } from "#session";
import { type Column, makeTable, type Table } from "../../src/base/index.ts";
import { lesionTable } from "../../src/datasets/index.ts";
import { tensorFromTable, writeCsv, writeData } from "../../src/formats/index.ts";
import {
  convertFile,
  evaluateTable,
  inspectFile,
  type Judgement,
  loadTable,
  openModel,
  predictTables,
  saveDemo,
  saveTraining,
  summariseModel,
  type TrainingOptions,
} from "../../src/tasks/index.ts";

let folder: string;
let csv: string;
let table: Table;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "roentgen-tasks-"));
  csv = join(folder, "lesions.csv");
  table = lesionTable({ patients: 80, seed: 3 });
  await writeFileWhole(csv, writeCsv(table));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const quick = { permutations: 2, resamples: 200, learningCurve: false } as const;

function train(out: string, options: Partial<TrainingOptions> = {}) {
  const asked = {
    data: csv,
    target: "diagnosis",
    drop: ["diameter_mm", "site"],
    subgroups: ["site"],
    ...quick,
    ...options,
  };
  return saveTraining(join(folder, out), asked);
}

function accuracyOf(judgement: Judgement): number | null | undefined {
  return judgement.task === "classification" ? judgement.figures.accuracy?.value : undefined;
}

describe("training on a table", () => {
  it("keeps a run that judges the model on patients it has not seen", async () => {
    const { trained, files } = await train("run");
    expect(readdirSync(join(folder, "run")).sort()).toEqual([
      "config.json",
      "log.jsonl",
      "metrics.json",
      "model.onnx",
      "model.roentgen",
      "predictions.csv",
      "report.html",
    ]);
    const { training, testing } = trained.sides;
    const known = new Set(training.groups);
    expect([...(testing.groups ?? [])].some((patient) => known.has(patient))).toBe(false);
    const metrics = JSON.parse(readFileSync(files.metrics, "utf8"));
    expect(metrics.test.figures.accuracy.value).toBeGreaterThan(0.75);
    expect(metrics.test.figures.rocAuc).toMatchObject({
      low: expect.any(Number),
      high: expect.any(Number),
    });
    expect(metrics.subgroups[0].rows.map(({ value }: { value: string }) => value)).toEqual([
      "A",
      "B",
    ]);
    expect(metrics.exportDifference).toBeLessThan(1e-6);
    expect(readFileSync(files.predictions, "utf8").split("\n")[0]).toBe(
      "row,patient_id,true,predicted,probability_benign,probability_malignant",
    );
    expect(readFileSync(files.report, "utf8")).toContain("ROC AUC");
  });

  it("gives the same metrics.json and model.onnx for one seed, whatever the number of threads", async () => {
    const read = (out: string, name: string) => readFileSync(join(folder, out, name));
    await saveTraining(
      join(folder, "one"),
      { data: csv, target: "diagnosis", ...quick },
      { threads: 1 },
    );
    await saveTraining(
      join(folder, "two"),
      { data: csv, target: "diagnosis", ...quick },
      { threads: 2 },
    );
    await saveTraining(join(folder, "other"), {
      data: csv,
      target: "diagnosis",
      ...quick,
      seed: 1,
    });
    for (const name of ["metrics.json", "model.onnx", "predictions.csv"]) {
      expect(read("one", name).equals(read("two", name)), name).toBe(true);
      expect(read("one", name).equals(read("other", name)), name).toBe(false);
    }
  });

  it("states in config.json all that it takes to do it again", async () => {
    const { files } = await train("first", { model: "logistic" });
    const { settings } = JSON.parse(readFileSync(files.config, "utf8"));
    await saveTraining(join(folder, "second"), settings);
    const read = (out: string) => readFileSync(join(folder, out, "metrics.json"), "utf8");
    expect(read("second")).toBe(read("first"));
  });

  it.each(["forest", "extra-trees", "logistic"] as const)(
    "learns several classes with %s",
    async (model) => {
      const classes = Array.from({ length: table.rowCount }, (_, row) => ["a", "b", "c"][row % 3]);
      const columns: Column[] = [
        { kind: "text", name: "class", values: classes },
        {
          kind: "number",
          name: "x",
          values: Float64Array.from(classes, (name, row) => "abc".indexOf(name) + (row % 7) / 10),
        },
        {
          kind: "text",
          name: "hint",
          values: classes.map((name, row) => (row % 5 === 0 ? null : name === "a" ? "yes" : "no")),
        },
      ];
      const path = join(folder, "several.csv");
      await writeFileWhole(path, writeCsv(makeTable(columns)));
      const { trained } = await saveTraining(join(folder, `several-${model}`), {
        data: path,
        target: "class",
        model,
        ...quick,
      });
      expect(accuracyOf(trained.judgement)).toBe(1);
    },
  );

  it.each(["forest", "extra-trees", "ridge", "elastic-net"] as const)(
    "learns a size in mm with %s",
    async (model) => {
      const out = `size-${model}`;
      const { trained } = await train(out, {
        model,
        target: "diameter_mm",
        drop: ["diagnosis", "site"],
      });
      expect(
        trained.judgement.task === "regression" && trained.judgement.figures.r2.value,
      ).toBeGreaterThan(0.8);
      expect(readFileSync(join(folder, out, "report.html"), "utf8")).toContain(
        "Mean absolute error",
      );
    },
  );

  it("searches inside the training side, and cross-validates the search too", async () => {
    const { trained } = await train("search", {
      model: "logistic",
      search: { c: [0.01, 1] },
      folds: 3,
      repeats: 2,
      searchFolds: 3,
    });
    expect(trained.search?.candidates.length).toBe(2);
    expect(trained.crossValidation).toMatchObject({ chosen: expect.any(Array) });
    expect(trained.crossValidation?.folds.length).toBe(6);
  });

  it("draws at random where draws are asked for", async () => {
    const search = { c: { kind: "log-uniform", low: 0.01, high: 10 } };
    const { trained } = await train("draws", {
      model: "logistic",
      search,
      searchDraws: 4,
      searchFolds: 3,
    });
    expect(trained.search?.candidates.length).toBe(4);
  });

  it("refuses a folder that holds another finished run, and leaves it as it was", async () => {
    await train("kept", { seed: 4 });
    const before = readFileSync(join(folder, "kept/metrics.json"), "utf8");
    await expect(train("kept", { seed: 5 })).rejects.toThrow(/holds a finished run/);
    expect(readFileSync(join(folder, "kept/metrics.json"), "utf8")).toBe(before);
  });

  it("stops when it is cancelled and leaves nothing half-written", async () => {
    const controller = new AbortController();
    const work = { signal: controller.signal, onProgress: () => controller.abort() };
    const out = join(folder, "cancelled");
    await expect(saveTraining(out, { data: csv, target: "diagnosis" }, work)).rejects.toThrow();
    expect(readdirSync(out)).toEqual(["log.jsonl"]);
  });
});

describe("a trained model", () => {
  it("predicts the same from its bundle, from another format, and in bare ONNX Runtime", async () => {
    const { trained, files } = await train("deployed");
    const parquet = join(folder, "lesions.parquet");
    await convertFile(csv, parquet, { force: true });
    const fromCsv = await predictTables(join(folder, "deployed"), [csv]);
    const fromParquet = await predictTables(files.bundle, [parquet]);
    expect(fromParquet.rows()).toEqual(fromCsv.rows());
    const session = await openSession(readFileSync(files.model));
    const names = trained.fitted.interface.inputs.map(({ name }) => name);
    const columns = names.map(
      (name) => table.columns.find((column) => column.name === name) as Column,
    );
    const data = Float32Array.from(
      { length: names.length },
      (_, i) => columns[i].values[0] as number,
    );
    const { probabilities } = await session.run({
      features: { type: "float32", shape: [1, names.length], data },
    });
    expect((probabilities.data as Float32Array)[1]).toBeCloseTo(
      fromCsv.rows()[0].probability_malignant as number,
      6,
    );
    await session.close();
  });

  it("takes the columns of a bare matrix in its own order, and says which columns are missing", async () => {
    await train("matrix");
    const model = await openModel(join(folder, "matrix"));
    const names = model.bundle.manifest.inputs.map(({ name }) => name);
    await model.close();
    const chosen = makeTable(
      names.map((name) => table.columns.find((column) => column.name === name) as Column),
    );
    const npy = join(folder, "matrix.npy");
    await writeFileWhole(
      npy,
      await writeData(
        { kind: "arrays", arrays: [{ name: "x", tensor: tensorFromTable(chosen) }] },
        npy,
      ),
    );
    const byMatrix = await predictTables(join(folder, "matrix"), [npy]);
    const byName = await predictTables(join(folder, "matrix"), [csv]);
    expect(byMatrix.rows()).toEqual(byName.rows());
    const less = join(folder, "less.csv");
    await writeFileWhole(less, writeCsv(makeTable(chosen.columns.slice(1))));
    await expect(predictTables(join(folder, "matrix"), [less])).rejects.toThrow(
      `lacks 1 of the ${names.length} columns`,
    );
  });

  it("is judged on new data, and says when the data are those that it learnt from", async () => {
    await train("judged");
    const fresh = join(folder, "fresh.csv");
    await writeFileWhole(fresh, writeCsv(lesionTable({ patients: 60, seed: 77 })));
    const onFresh = await evaluateTable(join(folder, "judged"), {
      data: fresh,
      subgroups: ["site"],
      resamples: 200,
    });
    expect(accuracyOf(onFresh.judgement)).toBeGreaterThan(0.75);
    expect(onFresh.notes.join(" ")).not.toContain("too favourable");
    expect(onFresh.subgroups[0].rows.length).toBe(2);
    const onSame = await evaluateTable(join(folder, "judged"), { data: csv, resamples: 200 });
    expect(onSame.notes[0]).toContain("too favourable");
  });

  it("is summarised with what it takes, gives and holds", async () => {
    const { files } = await train("summary");
    for (const path of [join(folder, "summary"), files.bundle, files.model]) {
      const summary = await summariseModel(path);
      expect(summary.inputs).toEqual([["features", "float32", "[N, 10]"]]);
      expect(summary.outputs.map(([name]) => name)).toEqual(["label", "probabilities"]);
      expect(summary.layers.flat().join(" ")).toContain("100 trees");
    }
  });

  it("that was altered is refused", async () => {
    const { files } = await train("altered");
    const bytes = readFileSync(files.bundle);
    bytes[bytes.length >> 1] ^= 0xff;
    writeFileSync(files.bundle, bytes);
    await expect(openModel(files.bundle)).rejects.toMatchObject({ name: "RoentgenError" });
  });
});

describe("data files", () => {
  it("are looked into: tables by column, arrays by shape", async () => {
    const inspected = await inspectFile(csv);
    expect(inspected.description).toContain("columns");
    expect(inspected.tables[0].summary.columns[0].name).toBe("patient_id");
  });

  it("that do not match are refused with both counts", async () => {
    const labels = join(folder, "labels.csv");
    writeFileSync(labels, "diagnosis\nbenign\nmalignant\n");
    await expect(loadTable({ data: csv, labels })).rejects.toMatchObject({
      code: "shape-mismatch",
    });
  });
});

it("the demo draws, learns and reports, and can be repeated in place", async () => {
  const out = join(folder, "demo");
  await saveDemo(out, { patients: 60 });
  const { files } = await saveDemo(out, { patients: 60 });
  for (const path of Object.values(files)) expect(existsSync(path), path).toBe(true);
});
