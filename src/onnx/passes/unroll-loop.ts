// Writes a Loop or Scan out, round after round, where the number of rounds is known (ONNX, docs/Operators.md).

import { readAttributes } from "../attributes.ts";
import {
  type Attribute,
  type Initializer,
  int,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
} from "../model.ts";
import type { FreshNames } from "./fresh-names.ts";
import type { InlinedBranch } from "./inline-branch.ts";
import type { ModelScope } from "./model-scope.ts";
import { renameInGraph, renameNodes } from "./rename.ts";
import { definedNames, graphsWithin } from "./subgraphs.ts";

export interface UnrollOptions {
  readonly scope: ModelScope;
  readonly fresh: FreshNames;
  /** Nodes that the rounds may have together. */
  readonly mostNodes: number;
}

/** The rounds in place of the node; undefined where their number is not known, or they would have too many nodes. */
export function unrollLoop(node: OnnxNode, options: UnrollOptions): InlinedBranch | undefined {
  if (node.domain !== "") return undefined;
  const plan =
    node.operator === "Loop"
      ? planLoop(node, options.scope)
      : node.operator === "Scan"
        ? planScan(node, options.scope)
        : undefined;
  const isFit = plan && plan.rounds > 0 && plan.rounds * sizeOf(plan.body) <= options.mostNodes;
  return isFit ? writtenOut(node, plan, options.fresh) : undefined;
}

/** What goes round. */
interface Plan {
  readonly rounds: number;
  readonly body: OnnxGraph;
  /** Tensors that the first round starts from. */
  readonly carried: readonly string[];
  /** Inputs of the body before the carried ones, given anew in each round. */
  readonly given: (round: number) => readonly OnnxTensor[];
  /** Outputs of the body before the carried ones. */
  readonly skipped: number;
  /** Inputs of the body after the carried ones: slices of tensors. */
  readonly scanned: readonly {
    readonly name: string;
    readonly axis: number;
    readonly isReversed: boolean;
  }[];
  /** How what each round gives is put together. */
  readonly stacked: readonly { readonly axis: number; readonly isReversed: boolean }[];
}

/** A Loop with a constant number of rounds whose condition stays what it was, true. */
function planLoop(node: OnnxNode, { constantOf }: ModelScope): Plan | undefined {
  const body = readAttributes(node).graph("body");
  const [most, start, ...carried] = node.inputs;
  const [count, condition] = [most, start].map((name) => (name ? constantOf(name) : undefined));
  const isOn = start ? condition?.data[0] : 1;
  if (!body || !count || !isOn || !keepsCondition(body)) return undefined;
  return {
    ...{ rounds: Number(count.data[0]), body, carried, skipped: 1, scanned: [] },
    given: (round) => [
      { type: "int64", shape: [], data: BigInt64Array.of(BigInt(round)) },
      { type: "bool", shape: [], data: Uint8Array.of(1) },
    ],
    stacked: body.outputs.slice(1 + carried.length).map(() => ({ axis: 0, isReversed: false })),
  };
}

/** Whether a body gives back the condition that it got, or a constant that holds. */
function keepsCondition({ inputs, outputs, nodes, initializers }: OnnxGraph): boolean {
  let name = outputs[0].name;
  for (let node = makerOf(name); node; node = makerOf(name)) {
    const { value } = node.attributes;
    if (node.operator === "Constant")
      return value?.kind === "tensor" && Boolean(value.value.data[0]);
    if (node.operator !== "Identity") return false;
    name = node.inputs[0];
  }
  function makerOf(wanted: string) {
    return nodes.find((node) => node.outputs.includes(wanted));
  }
  const held = initializers.find((one) => one.name === name);
  return held ? Boolean(held.data[0]) : name === inputs[1]?.name;
}

/** A Scan over an axis of known length. */
function planScan(node: OnnxNode, { typeOf }: ModelScope): Plan | undefined {
  const attributes = readAttributes(node);
  const body = attributes.graph("body");
  const count = attributes.int("num_scan_inputs", 0);
  const states = node.inputs.length - count;
  const names = node.inputs.slice(states);
  const ranks = names.map((name) => typeOf(name)?.shape?.length);
  const axes = attributes.ints("scan_input_axes") ?? names.map(() => 0);
  const turns = attributes.ints("scan_input_directions");
  const rounds = typeOf(names[0])?.shape?.at(axes[0]);
  if (!body || count < 1 || typeof rounds !== "number" || ranks.includes(undefined))
    return undefined;
  const outputAxes = attributes.ints("scan_output_axes");
  const outputTurns = attributes.ints("scan_output_directions");
  return {
    ...{ rounds, body, carried: node.inputs.slice(0, states), skipped: 0, given: () => [] },
    scanned: names.map((name, at) => ({ name, axis: axes[at], isReversed: turns?.[at] === 1 })),
    stacked: body.outputs
      .slice(states)
      .map((_, at) => ({ axis: outputAxes?.[at] ?? 0, isReversed: outputTurns?.[at] === 1 })),
  };
}

function writtenOut(node: OnnxNode, plan: Plan, fresh: FreshNames): InlinedBranch {
  const nodes: OnnxNode[] = [];
  const initializers: Initializer[] = [];
  const make = (
    operator: string,
    inputs: readonly string[],
    output: string,
    attributes: Readonly<Record<string, Attribute>> = {},
  ) => {
    const name = fresh(`${node.name || operator}/${operator}`);
    nodes.push({ operator, domain: "", name, inputs, outputs: [output], attributes });
    return output;
  };
  const constant = (tensor: OnnxTensor) => {
    const name = fresh(`${node.name}/constant`);
    initializers.push({ ...tensor, name });
    return name;
  };
  const integer = (value: number, shape: readonly number[]) =>
    constant({ type: "int64", shape, data: BigInt64Array.of(BigInt(value)) });
  let carried = plan.carried;
  const gathered = plan.stacked.map((): string[] => []);
  for (let round = 0; round < plan.rounds; round++) {
    const slices = plan.scanned.map(({ name, axis, isReversed }) => {
      const at = integer(isReversed ? plan.rounds - 1 - round : round, []);
      return make("Gather", [name, at], fresh(`${name}/slice`), { axis: int(axis) });
    });
    const inputs = [...plan.given(round).map(constant), ...carried, ...slices];
    const body = bodyOf(plan.body, inputs, fresh);
    nodes.push(...body.nodes);
    initializers.push(...body.initializers);
    const outputs = body.outputs.map(({ name }) => name).slice(plan.skipped);
    carried = outputs.slice(0, carried.length);
    for (const [at, name] of outputs.slice(carried.length).entries()) gathered[at].push(name);
  }
  for (const [at, output] of node.outputs.entries()) {
    const stack = plan.stacked[at - carried.length];
    if (output && !stack) make("Identity", [carried[at]], output);
    if (!output || !stack) continue;
    const axes = integer(stack.axis, [1]);
    const rows = gathered[at - carried.length].map((name) =>
      make("Unsqueeze", [name, axes], fresh(`${name}/row`)),
    );
    const order = stack.isReversed ? rows.toReversed() : rows;
    make("Concat", order, output, { axis: int(stack.axis) });
  }
  return { nodes, initializers };
}

/** The body with names of its own, and with tensors from outside for its inputs. */
function bodyOf(body: OnnxGraph, inputs: readonly string[], fresh: FreshNames): OnnxGraph {
  const names = new Map(body.inputs.map(({ name }, at) => [name, inputs[at]]));
  for (const graph of graphsWithin(body)) {
    for (const name of definedNames(graph)) if (!names.has(name)) names.set(name, fresh(name));
  }
  return renameNodes(
    renameInGraph(body, (name) => names.get(name) ?? name),
    fresh,
  );
}

function sizeOf(body: OnnxGraph): number {
  return [...graphsWithin(body)].reduce((sum, { nodes }) => sum + nodes.length, 0);
}
