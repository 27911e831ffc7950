import { describe, expect, it } from "vitest";
import { type ClassTarget, makeTable, type NumberTarget } from "../../../src/base/index.ts";
import { findSuspectColumns } from "../../../src/datasets/index.ts";
import { numbers, randomTable, text } from "../random-table.ts";

const rows = 200;
const { table, random } = randomTable({ rows, columns: 6, seed: 5 });
const labels = Int32Array.from({ length: rows }, () => random.integer(2));
const grades = Int32Array.from({ length: rows }, () => random.integer(3));
const sizes = Float64Array.from({ length: rows }, () => 10 + 3 * random.normal());
const binary: ClassTarget = { task: "classification", classes: ["no", "yes"], labels };
const graded: ClassTarget = { task: "classification", classes: ["1", "2", "3"], labels: grades };
const measured: NumberTarget = { task: "regression", values: sizes };

const from = (count: ArrayLike<number>, make: (value: number, row: number) => number) =>
  Array.from(count, make);

describe("findSuspectColumns", () => {
  it.each([
    ["a copy of the labels", numbers("leak", labels), binary, "AUC"],
    [
      "the labels turned round",
      numbers(
        "leak",
        from(labels, (v) => 1 - v),
      ),
      binary,
      "AUC",
    ],
    [
      "numbers that separate the classes",
      numbers(
        "leak",
        from(labels, (v) => 6 * v + random.normal()),
      ),
      binary,
      "AUC",
    ],
    [
      "a number that is only extreme in one class",
      numbers(
        "leak",
        from(labels, (v, row) => (v ? (row % 2 ? 9 : -9) : 0) + random.normal()),
      ),
      binary,
      "balanced accuracy",
    ],
    [
      "three grades coded out of order",
      numbers(
        "leak",
        from(grades, (v) => [5, -2, 1][v]),
      ),
      graded,
      "balanced accuracy",
    ],
    [
      "the class in words",
      text(
        "leak",
        Array.from(labels, (v) => (v ? "biopsied" : "seen")),
      ),
      binary,
      "balanced accuracy",
    ],
    [
      "the class in many words",
      text(
        "leak",
        Array.from(labels, (v) => `${v ? "ward" : "clinic"} ${random.integer(8)}`),
      ),
      binary,
      "balanced accuracy",
    ],
    [
      "the size in another unit",
      numbers(
        "leak",
        from(sizes, (v) => v / 10),
      ),
      measured,
      "R²",
    ],
    [
      "a decreasing function of the size",
      numbers(
        "leak",
        from(sizes, (v) => Math.exp(-v)),
      ),
      measured,
      "R²",
    ],
    [
      "the size up to its sign",
      numbers(
        "leak",
        from(sizes, (v) => (v - 10) ** 2),
      ),
      { task: "regression", values: sizes.map((v) => Math.abs(v - 10)) } as NumberTarget,
      "R²",
    ],
  ])("flags %s", (_, column, target, measure) => {
    const findings = findSuspectColumns(makeTable([...table.columns, column]), target);
    expect(findings).toMatchObject([
      { kind: "telling-column", severity: "leak", columns: ["leak"] },
    ]);
    expect(findings[0].message).toContain(
      `"leak" alone predicts the target almost perfectly (${measure}`,
    );
    expect(findings[0].figure).toBeGreaterThan(0.98);
  });

  it.each([
    [
      "a strong marker",
      numbers(
        "marker",
        from(labels, (v) => 2.5 * v + random.normal()),
      ),
      binary,
    ],
    [
      "a category of its own for each row",
      text(
        "id",
        Array.from({ length: rows }, (_, i) => `r${i}`),
      ),
      binary,
    ],
    [
      "categories of two rows each",
      text(
        "pair",
        Array.from({ length: rows }, (_, i) => `r${i >> 1}`),
      ),
      binary,
    ],
    ["a constant", numbers("constant", Array(rows).fill(1)), binary],
    [
      "a constant of sorted rows",
      numbers("constant", Array(rows).fill(1)),
      { ...binary, labels: labels.slice().sort() },
    ],
    [
      "a good predictor of size",
      numbers(
        "good",
        from(sizes, (v) => v + 0.7 * random.normal()),
      ),
      measured,
    ],
    ["a column without values", numbers("empty", Array(rows).fill(Number.NaN)), binary],
  ])("passes %s", (_, column, target) => {
    expect(findSuspectColumns(makeTable([...table.columns, column]), target)).toEqual([]);
  });

  it("looks at some of very many rows, rare classes among them", () => {
    const many = 30_000;
    const rare = Int32Array.from({ length: many }, (_, row) => (row % 1000 === 7 ? 1 : 0));
    const target = { ...binary, labels: rare };
    const leak = numbers(
      "leak",
      from(rare, (v) => 8 * v + random.normal()),
    );
    const noise = numbers(
      "noise",
      from(rare, () => random.normal()),
    );
    expect(findSuspectColumns(makeTable([leak, noise]), target)).toMatchObject([
      { columns: ["leak"] },
    ]);
    const values = Float64Array.from({ length: many }, () => random.normal());
    const scaled = numbers(
      "scaled",
      values.map((v) => 3 - v),
    );
    const found = findSuspectColumns(makeTable([scaled, noise]), { task: "regression", values });
    expect(found).toMatchObject([{ columns: ["scaled"] }]);
  });

  it("takes thresholds of the caller's", () => {
    const marker = numbers(
      "marker",
      from(labels, (v) => 2.5 * v + random.normal()),
    );
    const findings = findSuspectColumns(makeTable([marker]), binary, { thresholds: { auc: 0.9 } });
    expect(findings).toMatchObject([{ columns: ["marker"] }]);
  });

  it("says that it looked at nothing where rows are so few that chance makes perfect columns", () => {
    const few = {
      task: "classification",
      classes: ["a", "b"],
      labels: Int32Array.of(0, 0, 0, 0, 1, 1, 1, 1),
    } as const;
    const eight = makeTable([numbers("x", [1, 2, 3, 4, 5, 6, 7, 8])]);
    const [finding, ...others] = findSuspectColumns(eight, few);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ kind: "not-checked", severity: "note", figure: 8 });
    expect(finding.message).toMatch(
      /not looked for: of 8 rows, chance .* takes at least 8 in each of two classes/,
    );
    const sized = { task: "regression", values: Float64Array.from(few.labels) } as const;
    expect(findSuspectColumns(eight, sized)[0].message).toMatch(/at least 16\./);
    const oneGroup = Array(rows).fill(0);
    const [grouped] = findSuspectColumns(table, binary, { groups: oneGroup });
    expect(grouped).toMatchObject({ kind: "not-checked", figure: 2 });
    expect(grouped.message).toMatch(/2 rows \(counting one of each group and class\)/);
  });

  it("looks at both rows of patients who have one of each class", () => {
    // Paired: the first row of every patient is benign, the second malignant.
    const groups = Array.from({ length: 80 }, (_, row) => row >> 1);
    const target = { ...binary, labels: Int32Array.from(groups, (_, row) => row % 2) };
    const age = numbers(
      "age",
      groups.map((group) => 40 + ((group * 13) % 40)),
    );
    const score = numbers(
      "score",
      from(target.labels, (v) => 9 * v + random.normal()),
    );
    const paired = makeTable([age, score]);
    const expected = [{ kind: "telling-column", severity: "leak", columns: ["score"] }];
    expect(findSuspectColumns(paired, target)).toMatchObject(expected);
    expect(findSuspectColumns(paired, target, { groups })).toMatchObject(expected);
  });

  it("does not take what recognises a patient for what tells the diagnosis", () => {
    // Ten rows of each of 20 patients: age tells the patient, and so the diagnosis, of every row.
    const groups = Array.from({ length: rows }, (_, row) => Math.floor(row / 10));
    const diagnoses = Int32Array.from(groups, (group) => (group * 7) % 2);
    const age = numbers(
      "age",
      groups.map((group) => 40 + ((group * 13) % 20) * 1.7),
    );
    const target = { ...binary, labels: diagnoses };
    expect(findSuspectColumns(makeTable([age]), target)).toHaveLength(1);
    expect(findSuspectColumns(makeTable([age]), target, { groups })).toEqual([]);
  });

  it("flags values that are missing mostly in one class or for one end of the range", () => {
    const inClass = numbers(
      "biopsy",
      from(labels, (v) => (v || random.uniform() < 0.2 ? random.normal() : Number.NaN)),
    );
    expect(findSuspectColumns(makeTable([inClass]), binary)).toMatchObject([
      { kind: "telling-missingness", severity: "warning", columns: ["biopsy"] },
    ]);
    const inRange = numbers(
      "node",
      from(sizes, (v) => (v > 10 ? random.normal() : Number.NaN)),
    );
    expect(findSuspectColumns(makeTable([inRange]), measured)).toMatchObject([
      { kind: "telling-missingness", columns: ["node"] },
    ]);
    const onlyInClass = text(
      "remark",
      Array.from(labels, (v, row) => (v ? `seen ${row % 3}` : null)),
    );
    const [finding] = findSuspectColumns(makeTable([onlyInClass]), binary);
    expect(finding).toMatchObject({ severity: "leak", columns: ["remark"] });
  });

  it("passes values that are missing at random", () => {
    const gaps = numbers(
      "gaps",
      from(labels, () => (random.uniform() < 0.3 ? Number.NaN : random.normal())),
    );
    expect(findSuspectColumns(makeTable([gaps]), binary)).toEqual([]);
    expect(findSuspectColumns(makeTable([gaps]), measured)).toEqual([]);
  });
});
