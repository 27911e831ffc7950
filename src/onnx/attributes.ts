// Reads the attributes of a node with their defaults.

import { RoentgenError } from "../base/index.ts";
import type { Attribute, OnnxGraph, OnnxNode, OnnxTensor } from "./model.ts";

/** Attributes of one node, each read as the kind that its operator says it has. */
export interface AttributeReader {
  /** An integer; `fallback` where it is absent. */
  int(name: string, fallback: number): number;
  float(name: string, fallback: number): number;
  text(name: string, fallback: string): string;
  /** A list of integers; undefined where it is absent. */
  ints(name: string): number[] | undefined;
  floats(name: string): number[] | undefined;
  texts(name: string): readonly string[] | undefined;
  tensor(name: string): OnnxTensor | undefined;
  graph(name: string): OnnxGraph | undefined;
  has(name: string): boolean;
}

/** Opens the attributes of a node. */
export function readAttributes({ operator, name: node, attributes }: OnnxNode): AttributeReader {
  type ValueOf<Kind> = Extract<Attribute, { kind: Kind }>["value"];
  function find<Kind extends Attribute["kind"]>(
    name: string,
    kind: Kind,
  ): ValueOf<Kind> | undefined {
    const found = attributes[name];
    if (!found) return undefined;
    if (found.kind === kind) return found.value as never;
    throw new RoentgenError("type-mismatch", {
      problem: `Attribute "${name}" of ${operator} (node "${node}") does not fit`,
      expected: `kind ${kind}`,
      found: `kind ${found.kind}`,
      subject: name,
    });
  }
  return {
    int: (name, fallback) => Number(find(name, "int") ?? fallback),
    float: (name, fallback) => find(name, "float") ?? fallback,
    text: (name, fallback) => find(name, "string") ?? fallback,
    ints: (name) => copied(find(name, "ints")),
    floats: (name) => copied(find(name, "floats")),
    texts: (name) => find(name, "strings"),
    tensor: (name) => find(name, "tensor"),
    graph: (name) => find(name, "graph"),
    has: (name) => attributes[name] !== undefined,
  };
}

function copied(values: ArrayLike<number | bigint> | undefined): number[] | undefined {
  return values && Array.from(values, Number);
}
