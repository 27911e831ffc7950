// Changes the number of samples that a model takes at once, also where its exporter baked it into shapes.

import { RoentgenError } from "../../base/index.ts";
import { readAttributes } from "../attributes.ts";
import type { Dimension, Initializer, OnnxModel, OnnxNode, OnnxValue } from "../model.ts";
import { product } from "../shapes/dimensions.ts";
import { bindDimensions, withInferredOutputs } from "./bind-dimensions.ts";
import { freshNames } from "./fresh-names.ts";
import { type ModelScope, modelScope } from "./model-scope.ts";
import { removeDeadCode } from "./remove-dead-code.ts";
import { withoutZeroStates } from "./zero-states.ts";

export interface ChangeBatchOptions {
  /** The new length of the first axis of every input, or a name that leaves it open. */
  batch: Dimension;
}

export interface ChangedBatch {
  readonly model: OnnxModel;
  /** What was changed beside the inputs, a sentence each. */
  readonly repaired: readonly string[];
  /** What still holds the old batch and could not be changed, a sentence each. */
  readonly problems: readonly string[];
}

/** Stands for the batch while shapes are worked out. */
const BATCH = "?batch";

/**
 * Gives the first axis of all inputs another length. Reshapes with the old one in their constant shape get one that
 * takes any, and recurrent networks that start from zeros start from as many as there are samples.
 * @throws RoentgenError "shape-mismatch" where the inputs differ in their first axis
 */
export function changeBatch(given: OnnxModel, { batch }: ChangeBatchOptions): ChangedBatch {
  const model = withoutZeroStates(given);
  const old = oldBatch(model);
  const held = new Set(model.graph.initializers.map(({ name }) => name));
  const inputs = model.graph.inputs.map((value) => (held.has(value.name) ? value : opened(value)));
  const { values: _, ...graph } = model.graph;
  const open = { ...model, graph: { ...graph, inputs, outputs: graph.outputs.map(shapeless) } };
  const walk = walkNodes(open, old);
  const initializers = [...graph.initializers, ...walk.constants];
  const changed = withInferredOutputs({
    ...open,
    graph: { ...open.graph, nodes: walk.nodes, initializers },
  });
  const outputs = changed.graph.outputs.filter((value, at) =>
    lostBatch(value, model.graph.outputs[at], old),
  );
  const lost = outputs.map(({ name }) => `Output "${name}" still has a batch of ${old}.`);
  return {
    model: removeDeadCode(bindDimensions(changed, { [BATCH]: batch })),
    repaired: walk.repaired,
    problems: [...walk.problems, ...lost],
  };
}

function oldBatch(model: OnnxModel): Dimension {
  const held = new Set(model.graph.initializers.map(({ name }) => name));
  const inputs = model.graph.inputs.filter(({ name, shape }) => !held.has(name) && shape?.length);
  const lengths = new Set(inputs.map(({ shape }) => shape?.[0] as Dimension));
  const [old] = lengths;
  if (lengths.size === 1) return old;
  throw new RoentgenError("shape-mismatch", {
    problem: "Cannot change the batch of the model",
    expected: "inputs whose first axis is the batch, of equal length",
    found: inputs.map(({ name, shape }) => `${name} [${shape}]`).join(", ") || "no input with axes",
    remedy: "Bind the dimensions one by one with `bindDimensions`.",
  });
}

const opened = (value: OnnxValue): OnnxValue =>
  value.shape?.length ? { ...value, shape: [BATCH, ...value.shape.slice(1)] } : value;

function shapeless({ shape: _, ...value }: OnnxValue): OnnxValue {
  return value;
}

function lostBatch(now: OnnxValue, before: OnnxValue, old: Dimension): boolean {
  const had = before.shape?.[0] === old;
  return had && now.shape !== undefined && !hasBatch(now.shape);
}

interface Walk {
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly Initializer[];
  readonly repaired: readonly string[];
  readonly problems: readonly string[];
}

function walkNodes(model: OnnxModel, old: Dimension): Walk {
  const scope = modelScope(model);
  const opset = model.opsets[""] ?? 1;
  const fresh = freshNames(model.graph);
  const constants: Initializer[] = [];
  const [repaired, problems]: [string[], string[]] = [[], []];
  const nodes = model.graph.nodes.map((node) => {
    const target =
      node.operator === "Reshape" && node.domain === ""
        ? repairedTarget(node, scope, old)
        : undefined;
    const problem = target === undefined ? problemOf(node, scope, old) : undefined;
    if (problem) problems.push(`${called(node)} ${problem}.`);
    if (!target) {
      scope.learn(node, opset);
      return node;
    }
    const name = fresh(`${node.inputs[1]}:batch`);
    const data = BigInt64Array.from(target, BigInt);
    const tensor = { type: "int64", shape: [target.length], data } as const;
    constants.push({ ...tensor, name });
    scope.learnConstant(name, tensor);
    repaired.push(`${called(node)} now goes to [${target.join(", ")}].`);
    const changed = { ...node, inputs: [node.inputs[0], name] };
    scope.learn(changed, opset);
    return changed;
  });
  return { nodes, constants, repaired, problems };
}

function called({ operator, name, outputs }: OnnxNode): string {
  return `${operator} (node "${name || outputs[0]}")`;
}

/**
 * The constant shape of a Reshape with the batch free; undefined where it is right as it is, or can't be repaired. The
 * batch is at the entry before which there are as many elements as before the batch in the input.
 */
function repairedTarget(node: OnnxNode, scope: ModelScope, old: Dimension): number[] | undefined {
  const shape = scope.typeOf(node.inputs[0])?.shape;
  const target = scope.constantOf(node.inputs[1]) && scope.valueOf(node.inputs[1]);
  const from = shape?.indexOf(BATCH) ?? -1;
  if (!shape || !target || from < 0) return undefined;
  const numbers = target.map(Number);
  const before = product(shape.slice(0, from));
  const at = numbers.findIndex(
    (length, axis) => length === old && product(numbers.slice(0, axis)) === before,
  );
  const keepsZero = readAttributes(node).int("allowzero", 0) === 1;
  if (at === from && at >= 0 && !keepsZero) return numbers.with(at, 0);
  if (numbers.includes(-1)) return undefined;
  if (at >= 0) return numbers.with(at, -1);
  // The batch is merged into the first axis: its samples follow each other there.
  const keepsBatch = numbers.some((length, axis) => length === 0 && shape[axis] === BATCH);
  return from === 0 && numbers.length > 0 && !keepsBatch ? numbers.with(0, -1) : undefined;
}

/** What keeps a node at the old batch; undefined where nothing does. */
function problemOf(node: OnnxNode, scope: ModelScope, old: Dimension): string | undefined {
  if (node.domain !== "") return undefined;
  const shapes = node.inputs.map((name) => (name ? scope.typeOf(name)?.shape : undefined));
  switch (node.operator) {
    case "Reshape":
      return reshapeProblem(node, scope);
    case "Expand": {
      const first = scope.valueOf(node.inputs[1])?.[0];
      const isFixed = shapes[0]?.[0] === BATCH && first === old && first !== 1;
      return isFixed ? `expands to a batch of ${old}` : undefined;
    }
    case "Resize": {
      const first = scope.valueOf(node.inputs[3])?.[0];
      return shapes[0]?.[0] === BATCH && first === old ? `resizes to a batch of ${old}` : undefined;
    }
    case "Concat": {
      const isMixed =
        shapes.some((shape) => shape?.[0] === BATCH) && shapes.some((shape) => shape?.[0] === old);
      const alongBatch = readAttributes(node).int("axis", 0) === 0;
      return isMixed && !alongBatch ? `joins samples with a constant of batch ${old}` : undefined;
    }
    case "LSTM":
    case "GRU":
    case "RNN": {
      const states = shapes.slice(5, 7).some((shape) => shape && !hasBatch(shape));
      return states ? `starts from states of batch ${old}` : undefined;
    }
    default:
      return undefined;
  }
}

/** A Reshape that takes the batch in but has a constant shape without place for it. */
function reshapeProblem(node: OnnxNode, scope: ModelScope): string | undefined {
  const shape = scope.typeOf(node.inputs[0])?.shape;
  const target = scope.valueOf(node.inputs[1]);
  if (!shape || !target || !hasBatch(shape) || hasBatch(target)) return undefined;
  const isOpen = target.some(
    (length, axis) => length === -1 || (length === 0 && hasBatch([shape[axis]])),
  );
  return isOpen ? undefined : `goes from [${shape.join(", ")}] to [${target.join(", ")}]`;
}

function hasBatch(shape: readonly Dimension[]): boolean {
  return shape.some((length) => typeof length === "string" && length.includes(BATCH));
}
