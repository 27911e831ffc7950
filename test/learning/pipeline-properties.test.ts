import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeTable, type Table, type Target, takeRows } from "../../src/base/index.ts";
import {
  applyPreprocessing,
  fitPipeline,
  fitPreprocessing,
  predictPipeline,
} from "../../src/learning/index.ts";
import { predictPipelineInOnnx } from "./onnx-prediction.ts";

const ROWS = 24;

/** A number that may be missing, of magnitudes that measurements have. */
const cell = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: -1e7, max: 1e7 }).map((value) => value / 1000) },
  { weight: 2, arbitrary: fc.integer({ min: -3, max: 3 }) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
);
const word = fc.option(fc.constantFrom("a", "b", "ß", "日本", " ", "", "NaN"), { freq: 8 });

function columnsOf<T>(value: fc.Arbitrary<T>, most: number) {
  const column = fc.array(value, { minLength: ROWS, maxLength: ROWS });
  return fc.array(column, { minLength: 1, maxLength: most });
}

/** Numbers around a centre, so that some columns lie far from 0, and text. */
const tables: fc.Arbitrary<Table> = fc
  .tuple(columnsOf(cell, 4), columnsOf(word, 2), fc.constantFrom(0, 1, 1000, 1e6))
  .map(([numbers, texts, centre]) =>
    makeTable([
      ...numbers.map((values, index) => ({
        kind: "number" as const,
        name: `number ${index}`,
        values: Float64Array.from(values, (value) => value + centre),
      })),
      ...texts.map((values, index) => ({ kind: "text" as const, name: `text ${index}`, values })),
      // One column always varies.
      {
        kind: "number",
        name: "steps",
        values: Float64Array.from({ length: ROWS }, (_, i) => i % 7),
      },
    ]),
  );

const options = fc.record({
  impute: fc.constantFrom("median", "mean", "mostFrequent", "constant"),
  scale: fc.constantFrom("standard", "robust", "none"),
  missingIndicator: fc.boolean(),
  missingText: fc.constantFrom("category", "mostFrequent", "ignore"),
  unknownCategory: fc.constantFrom("ignore", "rare"),
  minCategoryCount: fc.integer({ min: 1, max: 6 }),
  maxCategories: fc.integer({ min: 2, max: 5 }),
  dropBinary: fc.boolean(),
} as const);

const labels = Int32Array.from({ length: ROWS }, (_, row) => (row * 7) % 3);
const classes: Target = { task: "classification", classes: ["x", "y", "z"], labels };

describe("for any table and any preprocessing", () => {
  it("a pipeline predicts unseen rows in ONNX as it does here", async () => {
    await fc.assert(
      fc.asyncProperty(tables, tables, options, async (table, other, preprocessing) => {
        const pipeline = await fitPipeline(table, classes, { learner: "logistic", preprocessing });
        // Columns that the other table lacks are taken from this one.
        const names = new Set(other.columns.map(({ name }) => name));
        const rest = table.columns.filter(({ name }) => !names.has(name));
        const unseen = makeTable([...other.columns, ...rest]);
        const here = await predictPipeline(pipeline, unseen);
        if (here.task !== "classification") throw new Error("not a classification");
        const there = await predictPipelineInOnnx(pipeline, unseen);
        here.probabilities.forEach((p, index) => {
          expect(Math.abs(there.scores[index] - p)).toBeLessThanOrEqual(1e-6);
        });
      }),
      { numRuns: 40 },
    );
  });

  it("features do not depend on the order of the training rows, nor rows on each other", () => {
    const orders = fc.shuffledSubarray([...labels.keys()], { minLength: ROWS, maxLength: ROWS });
    fc.assert(
      fc.property(tables, options, orders, (table, given, order) => {
        const state = fitPreprocessing(table, given);
        const shuffled = fitPreprocessing(takeRows(table, order), given);
        expect(shuffled.names).toEqual(state.names);
        const rows = applyPreprocessing(state, takeRows(table, order));
        const all = applyPreprocessing(state, table);
        all.columns.forEach((column, feature) => {
          expect(rows.columns[feature]).toEqual(Float32Array.from(order, (row) => column[row]));
        });
      }),
      { numRuns: 100 },
    );
  });

  it("features are finite, and a text gives at most one 1", () => {
    fc.assert(
      fc.property(tables, options, (table, given) => {
        const state = fitPreprocessing(table, given);
        const { columns } = applyPreprocessing(state, table);
        for (const column of columns) expect(column.every(Number.isFinite)).toBe(true);
        for (const { name } of state.texts) {
          for (let row = 0; row < ROWS; row++) {
            const ofRow = columns.filter((_, feature) => state.sources[feature] === name);
            const set = ofRow.reduce((sum, column) => sum + (column[row] as number), 0);
            expect(set === 0 || set === 1).toBe(true);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});
