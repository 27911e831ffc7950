// What becomes of one of ONNX's backend tests: whether its shapes are inferred, whether ONNX Runtime and the evaluator
// give what it expects.

import { openSession } from "#session";
import { RoentgenError } from "../../../src/base/index.ts";
import {
  encodeModel,
  evaluate,
  inferShapes,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  plainTensor,
} from "../../../src/onnx/index.ts";
import type { BackendCase } from "../backend-cases.ts";

/** "yes", or why not. */
export interface Outcome {
  readonly name: string;
  readonly shapes: string;
  readonly runtime: string;
  readonly evaluation: string;
}

/** Operators of which the runtime gives something else each time, or on each machine. */
const unsteady: Readonly<Record<string, string>> = {
  Bernoulli: "random",
  RandomUniformLike: "random",
  StringNormalizer: "needs a locale of the system",
};

function unsteadiness({ operator, inputs }: OnnxNode): string | undefined {
  const isTraining = operator === "Dropout" && Boolean(inputs[2]);
  return isTraining ? "random in training" : unsteady[operator];
}

type Tensors = Readonly<Record<string, OnnxTensor>>;

export async function outcomeOf({ name, model, feeds, expected }: BackendCase): Promise<Outcome> {
  if (!feeds || !expected) {
    const reason = "sequences and optional values are not fed";
    return { name, shapes: reason, runtime: reason, evaluation: reason };
  }
  const fickle = model.graph.nodes.map(unsteadiness).find((reason) => reason !== undefined);
  return {
    name,
    shapes: await reasonOf(() => compareShapes(model, feeds, expected)),
    runtime: fickle ?? (await reasonOf(async () => compare(await run(model, feeds), expected))),
    evaluation: await reasonOf(() => compare(evaluate(model, feeds), expected)),
  };
}

/** The result, or the problem of the error, in a form that does not change with versions and paths. */
async function reasonOf(work: () => string | Promise<string>): Promise<string> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RoentgenError)) throw error;
    const { problem } = error.detail;
    return problem.startsWith("Cannot load the ONNX model") || problem.startsWith("Cannot run")
      ? problem.split(":")[0]
      : problem.replaceAll(/ ?\(node "[^"]*"\)/g, "");
  }
}

async function run(model: OnnxModel, feeds: Tensors): Promise<Tensors> {
  const session = await openSession(encodeModel(model), { threads: 1 });
  try {
    return await session.run(feeds);
  } finally {
    await session.close();
  }
}

/** Inferred types against those of the expected outputs; small inputs are taken as constants, as shapes usually are. */
function compareShapes(model: OnnxModel, feeds: Tensors, expected: Tensors): string {
  const fixed = Object.entries(feeds).filter(([, { shape }]) => shape.length <= 1);
  const names = new Set(fixed.map(([name]) => name));
  const { graph } = inferShapes({
    ...model,
    graph: {
      ...model.graph,
      inputs: model.graph.inputs.filter(({ name }) => !names.has(name)),
      initializers: [
        ...model.graph.initializers,
        ...fixed.map(([name, one]) => ({ ...one, name })),
      ],
      outputs: model.graph.outputs.map(({ name }) => ({ name })),
      values: [],
    },
  });
  for (const { name, type, shape } of graph.outputs) {
    const want = expected[name];
    if (!want) continue;
    if (type === undefined) return "unknown type";
    if (type !== want.type) return `${type} instead of ${want.type}`;
    if (!shape) return "unknown rank";
    const isWrong =
      shape.length !== want.shape.length ||
      shape.some((length, axis) => typeof length === "number" && length !== want.shape[axis]);
    if (isWrong) return `[${shape.join(", ")}] instead of [${want.shape.join(", ")}]`;
    if (shape.some((length) => typeof length === "string")) return "yes, some lengths open";
  }
  return "yes";
}

/** 1e-5 relative for float32 (of float16 its own step), exact for whole numbers and text. */
function compare(found: Tensors, expected: Tensors): string {
  for (const [name, want] of Object.entries(expected)) {
    const got = found[name];
    if (got.type !== want.type) return `${got.type} instead of ${want.type}`;
    if (got.shape.join() !== want.shape.join())
      return `shape [${got.shape.join(", ")}] instead of [${want.shape.join(", ")}]`;
    const tolerance = want.type.includes("float") ? (want.type === "float16" ? 1e-3 : 1e-5) : 0;
    const worst = distance(plainTensor(got).data, plainTensor(want).data);
    if (worst > tolerance) return worst < 1e-3 ? "differs below 1e-3" : "differs";
  }
  return "yes";
}

/** The largest difference, relative where numbers are above 1; infinite where one side has no number or other text. */
function distance(found: ArrayLike<number | string>, want: ArrayLike<number | string>): number {
  let worst = 0;
  for (let at = 0; at < want.length; at++) {
    const [a, b] = [found[at], want[at]];
    if (a === b || Object.is(a, b)) continue;
    const apart = Math.abs(Number(a) - Number(b)) / Math.max(1, Math.abs(Number(b)));
    worst = Math.max(worst, Number.isNaN(apart) ? Number.POSITIVE_INFINITY : apart);
  }
  return worst;
}

/** A line of the table of outcomes. */
export function rowOf({ name, shapes, runtime, evaluation }: Outcome): string {
  return [name, shapes, runtime, evaluation].map(quoted).join(",");
}

function quoted(text: string): string {
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const header = "test,shapes inferred,ONNX Runtime gives what is expected,evaluator too";
