// Evaluation of operators that run graphs.

import type { OnnxGraph } from "../model.ts";
import { concatenated, sliced } from "./indexing.ts";
import type { PlainTensor } from "./plain-tensor.ts";
import { numbers, reshaped } from "./positions.ts";
import type { EvaluatedNode, EvaluatedValue, EvaluationRule, EvaluationRules } from "./rule.ts";

const branch: EvaluationRule = (node) => {
  const taken = node.input(0).data[0] ? "then_branch" : "else_branch";
  return node.run(graphOf(node, taken), []);
};

/** Loop: while the condition holds, and at most so often; what each round gives beside its state is stacked. */
const loop: EvaluationRule = (node) => {
  const body = graphOf(node, "body");
  const most = node.optional(0)?.data[0] ?? Number.POSITIVE_INFINITY;
  let goesOn = Boolean(node.optional(1)?.data[0] ?? 1);
  let states = Array.from({ length: node.inputCount - 2 }, (_, at) => node.item(at + 2) ?? null);
  const rounds: PlainTensor[][] = [];
  for (let round = 0; goesOn && round < most; round++) {
    const counter = numbers([], [round], "int64");
    const condition = numbers([], [Number(goesOn)], "bool");
    const [next, ...results] = node.run(body, [counter, condition, ...states]);
    goesOn = Boolean((next as PlainTensor).data[0]);
    states = results.slice(0, states.length);
    rounds.push(results.slice(states.length) as PlainTensor[]);
  }
  const scans = body.outputs.slice(1 + states.length);
  return [
    ...states,
    ...scans.map((output, at) =>
      rounds.length > 0
        ? stacked(
            rounds.map((round) => round[at]),
            0,
          )
        : emptyStack(output),
    ),
  ];
};

/** What no round gives has length 0. */
function emptyStack({ type = "float32", shape = [] }: OnnxGraph["outputs"][number]): PlainTensor {
  const rest = shape.map((length) => (typeof length === "number" ? length : 0));
  return numbers([0, ...rest], [], type);
}

/** Tensors of one shape put together along a new axis. */
function stacked(tensors: readonly PlainTensor[], axis: number): PlainTensor {
  const rank = tensors[0].shape.length + 1;
  const at = axis < 0 ? axis + rank : axis;
  return concatenated(
    tensors.map((one) => reshaped(one, one.shape.toSpliced(at, 0, 1))),
    at,
  );
}

/** Scan: a step for every slice of the scanned inputs. */
const scan: EvaluationRule = (node) => {
  if (node.opset < 9) node.fail("opset 9 or later, where Scan has no batch axis");
  const body = graphOf(node, "body");
  const count = node.int("num_scan_inputs", 1);
  const stateCount = node.inputCount - count;
  let states: EvaluatedValue[] = Array.from({ length: stateCount }, (_, at) => node.any(at));
  const scanned = Array.from({ length: count }, (_, at) => node.any(stateCount + at));
  const axes = (node.ints("scan_input_axes") ?? scanned.map(() => 0)).map((axis, at) =>
    axis < 0 ? axis + scanned[at].shape.length : axis,
  );
  const directions = node.ints("scan_input_directions") ?? scanned.map(() => 0);
  const length = scanned[0].shape[axes[0]];
  const steps: PlainTensor[][] = [];
  for (let step = 0; step < length; step++) {
    const slices = scanned.map((one, at) => {
      const start = directions[at] ? length - 1 - step : step;
      const slice = sliced(one, [{ axis: axes[at], start, step: 1, count: 1 }]);
      return reshaped(slice, one.shape.toSpliced(axes[at], 1));
    });
    const results = node.run(body, [...states, ...slices]);
    states = results.slice(0, stateCount);
    steps.push(results.slice(stateCount) as PlainTensor[]);
  }
  const scans = body.outputs.slice(stateCount);
  const outputAxes = node.ints("scan_output_axes") ?? scans.map(() => 0);
  const outputDirections = node.ints("scan_output_directions") ?? scans.map(() => 0);
  const outputs = scans.map((_, at) => {
    const parts = steps.map((step) => step[at]);
    return stacked(outputDirections[at] ? parts.reverse() : parts, outputAxes[at]);
  });
  return [...states, ...outputs];
};

function graphOf(node: EvaluatedNode, name: string): OnnxGraph {
  return node.graph(name) ?? node.fail(`a graph as attribute "${name}"`);
}

/** Rules by operator. */
export const controlFlowRules: EvaluationRules = { If: branch, Loop: loop, Scan: scan };
