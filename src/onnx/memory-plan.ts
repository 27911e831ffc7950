// How much memory a graph needs while it runs: the tensors that are alive at once, step by step.

import type { GraphBuilder } from "./builder.ts";
import type { ElementType, TensorType } from "./model.ts";

/** The need of a graph. */
export interface MemoryPlan {
  /** Bytes of all tensors in between that are alive at the worst moment. */
  readonly peakBytes: number;
  /** The node that is computed at that moment. */
  readonly at: string;
  /** The largest tensors alive then, largest first. */
  readonly largest: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly bytes: number;
  }[];
}

/** Tensors that a plan names. */
const NAMED = 3;

/**
 * Plans the memory of a graph with known shapes: a tensor lives from the node that makes it to the last that takes it. Inputs
 * and constants are not counted. ONNX Runtime works in place where it can, so that the true need is mostly below.
 */
export function planMemory({ nodes, typeOf }: Pick<GraphBuilder, "nodes" | "typeOf">): MemoryPlan {
  const lastUse = new Map<string, number>();
  for (const [at, { inputs }] of nodes.entries()) for (const name of inputs) lastUse.set(name, at);
  const alive = new Map<string, number>();
  let bytes = 0;
  let peak = { bytes: 0, at: "", alive: new Map<string, number>() };
  for (const [at, node] of nodes.entries()) {
    for (const name of node.outputs) {
      const size = bytesOf(typeOf(name));
      if (name) alive.set(name, size);
      bytes += size;
    }
    if (bytes > peak.bytes) peak = { bytes, at: node.name, alive: new Map(alive) };
    for (const name of new Set([...node.inputs, ...node.outputs])) {
      const isDone = (lastUse.get(name) ?? at) <= at && alive.has(name);
      if (isDone) bytes -= alive.get(name) ?? 0;
      if (isDone) alive.delete(name);
    }
  }
  const largest = [...peak.alive]
    .sort(([, a], [, b]) => b - a)
    .slice(0, NAMED)
    .map(([name, size]) => ({ name, shape: (typeOf(name)?.shape ?? []).map(Number), bytes: size }));
  return { peakBytes: peak.bytes, at: peak.at, largest };
}

function bytesOf(type: TensorType | undefined): number {
  const count = type?.shape?.reduce<number>((product, length) => product * Number(length), 1) ?? 0;
  return Number.isFinite(count) ? count * widthOf(type?.type ?? "float32") : 0;
}

function widthOf(type: ElementType): number {
  if (type === "float64" || type === "int64" || type === "uint64" || type === "complex64") return 8;
  if (type === "float16" || type === "bfloat16" || type === "int16" || type === "uint16") return 2;
  return type === "bool" || type === "int8" || type === "uint8" ? 1 : 4;
}
