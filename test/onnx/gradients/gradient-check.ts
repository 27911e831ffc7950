// Holds the gradients of a node or model to central differences in float64, and ONNX Runtime to the float64 gradients.

import { expect } from "vitest";
import { openSession } from "#session";
import { randomStream } from "../../../src/base/index.ts";
import { evaluate } from "../../../src/onnx/evaluation/evaluate.ts";
import {
  algebraOf,
  differentiate,
  encodeModel,
  type GraphBuilder,
  graphBuilder,
  type OnnxModel,
  type OnnxTensor,
} from "../../../src/onnx/index.ts";
import { countOf, type DrawnNode, type GradientCase } from "./gradient-case.ts";

/** A scalar function of some tensors, as a graph that is not differentiated yet. */
export interface Checked {
  /** Builds the forward graph anew; `isDefined` asks for the operator's definition in terms of others, if there is one. */
  readonly open: (options?: { isDefined?: boolean }) => { graph: GraphBuilder; loss: string };
  readonly feeds: Readonly<Record<string, OnnxTensor>>;
  /** Names of the feeds that gradients are taken by. */
  readonly by: readonly string[];
}

/** Central differences agree to this, relative to the largest slope of the tensor. */
const SLOPE_TOLERANCE = 1e-6;
/** ONNX Runtime's float32 agrees to this. */
const RUNTIME_TOLERANCE = 1e-4;
const STEP = 1e-5;
/** Slopes of at most so many elements of a tensor are taken. */
const MOST_SLOPES = 10;

/** The function Σ weights · outputs of a drawn node. */
export function functionOf(
  { operator, domain, opset = 18, definition }: GradientCase,
  node: DrawnNode,
): Checked {
  const names = node.inputs.map((_, index) => `x${index}`);
  const named = node.inputs.flatMap((input, index) =>
    input ? [{ ...input, name: names[index] }] : [],
  );
  const open = ({ isDefined = false } = {}) => {
    const graph = graphBuilder({ opset });
    const inputs = node.inputs.map((input, index) => {
      if (!input) return "";
      const { type, shape } = input.tensor;
      if (input.role === "constant") return graph.constant(input.tensor, names[index]);
      return graph.input({ name: names[index], type, shape });
    });
    const outputs =
      isDefined && definition
        ? [definition(algebraOf(graph), inputs, node)]
        : graph.nodeWithOutputs(operator, inputs, node.outputs ?? 1, node.attributes, { domain });
    return {
      graph,
      loss: weightedSum(
        graph,
        (node.uses ?? [0]).map((at) => outputs[at]),
      ),
    };
  };
  const given = named.filter(({ role }) => role !== "constant");
  return {
    open,
    feeds: Object.fromEntries(given.map(({ name, tensor }) => [name, tensor])),
    by: named.filter(({ role }) => role === "variable").map(({ name }) => name),
  };
}

/** Σ w y over tensors, with fixed weights that differ; Σ y² where the number of elements is not known. */
export function weightedSum(graph: GraphBuilder, outputs: readonly string[]): string {
  const m = algebraOf(graph);
  const random = randomStream({ seed: 1, purpose: "weights of outputs" });
  const terms = outputs.map((output) => {
    const flat = m.reshape(output, [-1]);
    const count = m.graph.typeOf(flat)?.shape?.[0];
    if (typeof count !== "number") return m.sum(m.mul(flat, flat));
    const data = new Float32Array(count).map(() => 0.5 + random.uniform());
    return m.sum(m.mul(flat, graph.constant({ type: "float32", shape: [count], data }, "weight")));
  });
  return terms.reduce((sum, term) => m.add(sum, term));
}

/** Checks the gradients of a function; `isRun` asks ONNX Runtime, too. */
export async function checkGradients(
  checked: Checked,
  { isRun }: { isRun: boolean },
): Promise<void> {
  const { feeds, by } = checked;
  const exact = evaluate(gradientModel(checked, { isDefined: true }), feeds, {
    precision: "float64",
  });
  for (const name of by) {
    const gradient = exact[`d${name}`];
    expect([name, gradient.shape]).toEqual([name, feeds[name].shape]);
    compareSlopes(checked, name, gradient.data as Float64Array);
  }
  if (isRun) await compareRuntime(gradientModel(checked), { feeds, by, exact });
}

/** The model with outputs "loss" and "d…" for each feed that gradients are taken by. */
function gradientModel({ open, by }: Checked, options?: { isDefined?: boolean }): OnnxModel {
  const { graph, loss } = open(options);
  const gradients = differentiate(graph, { of: loss, by });
  graph.output({ name: "loss" }, loss);
  const m = algebraOf(graph);
  for (const name of by) {
    // What the loss does not depend on has no gradient: its slopes must be 0.
    const gradient = gradients[name] ?? m.mul(name, 0);
    graph.output({ name: `d${name}` }, gradient);
  }
  return graph.build();
}

function compareSlopes({ open, feeds }: Checked, name: string, gradient: Float64Array): void {
  const { graph, loss } = open({ isDefined: true });
  graph.output({ name: "loss" }, loss);
  const model = graph.build();
  const values = Float64Array.from(feeds[name].data as Float32Array);
  const lossAt = (at: number, by: number) => {
    const moved = { ...feeds[name], data: values.with(at, values[at] + by) };
    const result = evaluate(model, { ...feeds, [name]: moved }, { precision: "float64" });
    return Number(result.loss.data[0]);
  };
  const stride = Math.max(1, Math.ceil(values.length / MOST_SLOPES));
  const scale = largestOf(gradient);
  for (let at = 0; at < values.length; at += stride) {
    const slope = (lossAt(at, STEP) - lossAt(at, -STEP)) / (2 * STEP);
    const difference = Math.abs(slope - gradient[at]) / scale;
    const place = `gradient by ${name}[${at}] is ${gradient[at]}, central differences give ${slope}`;
    expect(difference, place).toBeLessThan(SLOPE_TOLERANCE);
  }
}

async function compareRuntime(
  model: OnnxModel,
  { feeds, by, exact }: Pick<Checked, "feeds" | "by"> & { exact: ReturnType<typeof evaluate> },
): Promise<void> {
  const session = await openSession(encodeModel(model), { threads: 1 });
  const run = await session.run(feeds);
  await session.close();
  for (const name of by) {
    const wanted = exact[`d${name}`].data as Float64Array;
    const found = run[`d${name}`].data as Float32Array;
    expect(found.length).toBe(countOf(exact[`d${name}`].shape));
    const scale = largestOf(wanted);
    const worst = wanted.reduce(
      (most, value, at) => Math.max(most, Math.abs(value - found[at])),
      0,
    );
    expect(worst / scale, `ONNX Runtime's gradient by ${name}`).toBeLessThan(RUNTIME_TOLERANCE);
  }
}

/** The largest magnitude, but no less than what counts as nothing. */
function largestOf(values: Float64Array): number {
  return values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-2);
}
