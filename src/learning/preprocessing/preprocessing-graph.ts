// A fitted preprocessing as ONNX operators. Numbers are worked on in float64 and handed on in
// float32, exactly as `applyPreprocessing` does.

import { type GraphBuilder, int, ints, ML, text, texts } from "../../onnx/index.ts";
import type { FittedNumberColumn } from "./number-column.ts";
import type { FittedPreprocessing } from "./preprocessing.ts";
import type { FittedTextColumn } from "./text-column.ts";

const FLOAT32 = 1;
const FLOAT64 = 11;

/** Name of the graph input that holds the numeric columns. */
export const NUMBERS_INPUT = "features";

/**
 * Declares the graph's inputs (`features`, float32 `[N, state.numbers]` with NaN for missing, if
 * there are numeric columns, and for each of `state.texts` one string tensor `[N, 1]` named by
 * `textInputName`, with "" for missing) and adds the preprocessing. A graph cannot refuse an unknown
 * category; it has no category there.
 * @returns the name of the float32 tensor `[N, features]`
 */
export function addPreprocessingToGraph(state: FittedPreprocessing, graph: GraphBuilder): string {
  const numbers =
    state.numbers.length > 0
      ? graph.input({ name: NUMBERS_INPUT, type: "float32", shape: ["N", state.numbers.length] })
      : undefined;
  const inputs = state.texts.map(({ name }) =>
    graph.input({ name: textInputName(name), type: "string", shape: ["N", 1] }),
  );
  const parts = [
    ...(numbers === undefined ? [] : addNumbers(graph, numbers, state.numbers)),
    ...state.texts.map((fitted, index) => addText(graph, inputs[index], fitted)),
  ];
  return parts.length === 1 ? parts[0] : graph.node("Concat", parts, { axis: int(1) });
}

/** Name of the graph input of a text column: its own, unless another tensor has that name. */
export function textInputName(column: string): string {
  return [NUMBERS_INPUT, "label", "probabilities", "value"].includes(column)
    ? `${column} (text)`
    : column;
}

/** The numeric features, then the missing indicators, each if there are any. */
function addNumbers(
  graph: GraphBuilder,
  input: string,
  columns: readonly FittedNumberColumn[],
): string[] {
  const kept = columns.flatMap((column, index) => (column.kept ? [index] : []));
  const indicated = columns.flatMap((column, index) => (column.indicator ? [index] : []));
  const parts: string[] = [];
  if (kept.length > 0) {
    const values = addSelection(graph, input, kept, columns.length);
    parts.push(
      addScaling(
        graph,
        values,
        kept.map((index) => columns[index]),
      ),
    );
  }
  if (indicated.length > 0) {
    const values = addSelection(graph, input, indicated, columns.length);
    parts.push(graph.node("Cast", [graph.node("IsNaN", [values])], { to: int(FLOAT32) }));
  }
  return parts;
}

function addSelection(
  graph: GraphBuilder,
  input: string,
  positions: readonly number[],
  count: number,
): string {
  if (positions.length === count) return input;
  const data = BigInt64Array.from(positions, BigInt);
  const chosen = graph.constant({ type: "int64", shape: [data.length], data }, "kept columns");
  return graph.node("Gather", [input, chosen], { axis: int(1) });
}

/** (x or its fill − centre) / scale. */
function addScaling(
  graph: GraphBuilder,
  values: string,
  columns: readonly FittedNumberColumn[],
): string {
  const shape = [columns.length];
  if (columns.some(({ fill }) => !Number.isNaN(fill))) {
    const data = Float32Array.from(columns, ({ fill }) => fill);
    const fills = graph.constant({ type: "float32", shape, data }, "fills");
    values = graph.node("Where", [graph.node("IsNaN", [values]), fills, values]);
  }
  if (columns.every(({ centre, scale }) => centre === 0 && scale === 1)) return values;
  const centres = Float64Array.from(columns, ({ centre }) => centre);
  const scales = Float64Array.from(columns, ({ scale }) => scale);
  const wide = graph.node("Cast", [values], { to: int(FLOAT64) });
  const centred = graph.node("Sub", [
    wide,
    graph.constant({ type: "float64", shape, data: centres }, "centres"),
  ]);
  const scaled = graph.node("Div", [
    centred,
    graph.constant({ type: "float64", shape, data: scales }, "scales"),
  ]);
  return graph.node("Cast", [scaled], { to: int(FLOAT32) });
}

/** Text to the number of its feature, and that to one-hot; a number without feature gives zeros. */
function addText(graph: GraphBuilder, input: string, fitted: FittedTextColumn): string {
  const codes = graph.node(
    "LabelEncoder",
    [input],
    {
      keys_strings: texts(["", ...fitted.categories]),
      values_int64s: ints([fitted.missingCode, ...fitted.codes]),
      default_int64: int(fitted.unknownCode),
      default_string: text(""),
    },
    { domain: ML },
  );
  const categories = { cats_int64s: ints(fitted.features.map((_, code) => code)), zeros: int(1) };
  const oneHot = graph.node("OneHotEncoder", [codes], categories, { domain: ML });
  const data = BigInt64Array.of(-1n, BigInt(fitted.features.length));
  return graph.node("Reshape", [
    oneHot,
    graph.constant({ type: "int64", shape: [2], data }, "flat"),
  ]);
}
