import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Column, makeTable, takeRows } from "../../../src/base/index.ts";
import {
  checkLeakage,
  holdOut,
  lesionTable,
  makeSplits,
  viewTable,
} from "../../../src/datasets/index.ts";
import { numbers, randomTable, text } from "../random-table.ts";

const wdbc = new URL("../../../../shared/data/wdbc/wdbc.csv", import.meta.url);

describe("checkLeakage", () => {
  const lesions = lesionTable({ patients: 120, seed: 3 });

  it("finds nothing wrong with phantoms that are split by patient", () => {
    for (const target of ["diagnosis", "diameter_mm"]) {
      const view = viewTable(lesions, { target });
      const rows = { rowCount: view.features.rowCount, groups: view.groups?.index };
      expect(checkLeakage(view, { splits: makeSplits({ ...rows, folds: 5, repeats: 2 }) })).toEqual(
        [],
      );
    }
  });

  it("finds patients on both sides when rows are split regardless of them", () => {
    const view = viewTable(lesions, { target: "diagnosis" });
    const split = holdOut({ rowCount: view.features.rowCount });
    const [finding] = checkLeakage(view, { splits: [split] });
    const index = view.groups?.index as Int32Array;
    const tested = new Set(Array.from(split.test, (row) => index[row]));
    const both = new Set(Array.from(split.train, (row) => index[row]).filter((g) => tested.has(g)));
    expect(finding).toMatchObject({ kind: "shared-group", severity: "leak", figure: both.size });
    expect([...(finding.groups ?? [])]).toEqual([...both].sort((a, b) => a - b));
  });

  it.each([
    ["the group is not used", { group: false as const }, "patient_id"],
    ["another column is the group", { group: "visit" }, "patient_id"],
    ["the column is dropped", { drop: ["patient_id"] }, "patient_id"],
    ["a patient is unknown", {}, "subject"],
  ])("warns of patients on both sides where %s", (_, options, name) => {
    const { table, random } = randomTable({ rows: 60, columns: 4, seed: 9 });
    const patients = Array.from({ length: 60 }, (_, row) => `P${row % 20}`);
    const made = makeTable([
      ...table.columns,
      text(name, name === "subject" ? [null, null, ...patients.slice(2)] : patients),
      text(
        "visit",
        Array.from(patients, (_, row) => `V${Math.floor(row / 20)}`),
      ),
      numbers(
        "y",
        Array.from({ length: 60 }, () => random.normal()),
      ),
    ]);
    const view = viewTable(made, { target: "y", ...options });
    // The third visit is tested, so every patient is on both sides, but not the rows of unknown ones.
    const splits = [holdOutLast(60, 20)];
    const findings = checkLeakage(view, { splits }).filter(({ severity }) => severity !== "note");
    expect(findings).toMatchObject([
      { kind: "shared-group", severity: "warning", columns: [name], figure: 20 },
    ]);
    expect(findings[0].message).toMatch(
      new RegExp(`Rows of 20 "${name}" are on both sides .* give "${name}" as the group`),
    );
    expect(checkLeakage(view).filter(({ kind }) => kind === "shared-group")).toEqual([]);
  });

  it("does not warn of patients within larger groups, or of those with one row each", () => {
    const view = viewTable(lesions, { target: "diagnosis", group: "site" });
    const groups = view.groups?.index;
    expect(view.ungrouped).toMatchObject([{ column: "patient_id" }]);
    const splits = makeSplits({ rowCount: view.features.rowCount, groups, folds: 2 });
    expect(checkLeakage(view, { splits }).map(({ kind }) => kind)).not.toContain("shared-group");
    const { table } = randomTable({ rows: 30, columns: 4, seed: 2 });
    const ids = text(
      "patient",
      Array.from({ length: 30 }, (_, row) => `P${row}`),
    );
    const single = viewTable(makeTable([...table.columns, ids]), { target: "x1" });
    expect(single.ungrouped).toBeUndefined();
  });

  it("takes copies in different folds for a leak, those in one fold for a warning", () => {
    const { table } = randomTable({ rows: 12, columns: 4, seed: 8 });
    const doubled = takeRows(table, [...Array(12).keys(), 0, 1]);
    const target = {
      task: "regression",
      values: Float64Array.from({ length: 14 }, (_, i) => i),
    } as const;
    // Three folds: row 12, a copy of 0, lies in another one; row 13, a copy of 1, in the same.
    const foldOf = [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 1, 1];
    const rowsWhere = (has: (fold: number) => boolean) =>
      Uint32Array.from([...foldOf.keys()].filter((row) => has(foldOf[row])));
    const splits = [0, 1, 2].map((fold) => ({
      train: rowsWhere((other) => other !== fold),
      test: rowsWhere((other) => other === fold),
      repeat: 0,
      fold,
    }));
    const [leak, warning] = checkLeakage({ features: doubled, target }, { splits });
    expect(leak).toMatchObject({ severity: "leak", rows: [[0, 12]] });
    expect(warning).toMatchObject({ severity: "warning", rows: [[1, 13]] });
  });

  it("reports everything at once, the gravest first", () => {
    const { table, random } = randomTable({ rows: 60, columns: 5, seed: 6 });
    const labels = Array.from({ length: 60 }, () => random.integer(2));
    const made = makeTable([
      ...table.columns,
      numbers(
        "case_id",
        Array.from({ length: 60 }, (_, row) => 500 - 3 * row),
      ),
      numbers(
        "leak",
        labels.map((label) => label + 0.1 * random.normal()),
      ),
      text("y", labels.map(String)),
    ]);
    const doubled = takeRows(made, [...Array(60).keys(), 4]);
    const features = doubled.columns.slice(0, -1).map(({ name }) => name);
    const view = viewTable(doubled, { target: "y", features });
    const train = Uint32Array.from({ length: 60 }, (_, row) => row);
    const findings = checkLeakage(view, {
      splits: [{ train, test: Uint32Array.of(60), repeat: 0, fold: 0 }],
    });
    expect(findings.map(({ kind, severity }) => `${severity}: ${kind}`)).toEqual([
      "leak: duplicate-rows",
      "leak: telling-column",
      "warning: identifier-column",
    ]);
    expect(() => checkLeakage(view, { auc: 2 })).toThrow(/"auc" of the leakage check/);
  });

  describe.skipIf(!existsSync(wdbc))("on ../shared/data/wdbc (skipped where absent)", () => {
    it("flags no column, no row and no patient", () => {
      const view = viewTable(readPlainCsv(readFileSync(wdbc, "utf8")), { target: "diagnosis" });
      const labels = view.target.task === "classification" ? view.target.labels : undefined;
      expect(view.features.columns).toHaveLength(30);
      const splits = makeSplits({ rowCount: 569, labels, folds: 10 });
      expect(checkLeakage(view, { splits })).toEqual([]);
    });
  });
});

/** The last rows to test on. */
function holdOutLast(rowCount: number, tested: number) {
  const rows = Uint32Array.from({ length: rowCount }, (_, row) => row);
  const at = rowCount - tested;
  return { train: rows.slice(0, at), test: rows.slice(at), repeat: 0, fold: 0 };
}

/** A CSV without quotes. */
function readPlainCsv(csv: string) {
  const [names, ...rows] = csv
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(","));
  return makeTable(
    names.map((name, index): Column => {
      const values = rows.map((row) => row[index]);
      return name === "diagnosis" ? text(name, values) : numbers(name, values.map(Number));
    }),
  );
}
