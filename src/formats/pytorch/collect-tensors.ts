// Walks what a pickle describes and gathers tensors, and plain values beside them, by their path.

import { damaged } from "../damage.ts";
import {
  globalName,
  isStructure,
  type PickleEntry,
  type PickleObject,
  type PickleValue,
} from "../pickle/values.ts";
import { madeBy } from "./known-calls.ts";
import type { NumpyArray } from "./numpy-values.ts";
import type { TorchTensor } from "./torch-tensor.ts";

/** A tensor and the keys that lead to it. */
export interface FoundTensor {
  readonly path: readonly string[];
  readonly tensor: TorchTensor | NumpyArray;
}

/** What a file holds. */
export interface FoundState {
  readonly tensors: readonly FoundTensor[];
  /** Numbers, truth values and short texts by path: epochs, rates, names of architectures. */
  readonly values: Readonly<Record<string, string>>;
  /** Objects that were left out though they are made of tensors: path and class. */
  readonly unknown: readonly { readonly path: string; readonly name: string }[];
}

const deepest = 64;
/** Values that are met on the way; more only where lists hold one another many times over. */
const mostVisits = 2_000_000;
const mostValues = 1000;
const longestText = 200;

/**
 * Gathers the tensors below a value. Modules that were pickled whole give their parameters and buffers
 * under the names that state_dict() has for them.
 */
export function collectTensors(root: PickleValue, file: string): FoundState {
  const walk: Walk = { file, visits: 0, tensors: [], values: {}, valueCount: 0, unknown: [] };
  visit(walk, root, []);
  return walk;
}

interface Walk {
  readonly file: string;
  visits: number;
  readonly tensors: FoundTensor[];
  readonly values: Record<string, string>;
  valueCount: number;
  readonly unknown: { path: string; name: string }[];
}

type Path = readonly string[];

function visit(walk: Walk, value: PickleValue, path: Path): void {
  if (path.length > deepest || ++walk.visits > mostVisits) {
    throw damaged(walk.file, {
      expected: `values at most ${deepest} deep and ${mostVisits.toLocaleString("en")} in number`,
      found: "more",
      remedy: "Save the tensors alone: torch.save(model.state_dict(), path).",
    });
  }
  if (!isStructure(value)) {
    keepValue(walk, value, path);
    return;
  }
  switch (value.kind) {
    case "dict":
      visitEntries(walk, value.entries, path);
      return;
    case "list":
    case "tuple":
    case "set":
      for (const [at, item] of value.items.entries()) visit(walk, item, [...path, String(at)]);
      return;
    case "object":
      visitObject(walk, value, path);
      return;
    case "global":
    case "persistent":
      return;
  }
  value satisfies never;
}

function visitEntries(walk: Walk, entries: readonly PickleEntry[], path: Path): void {
  for (const [key, value] of entries) {
    if (typeof key === "string" || typeof key === "number") {
      visit(walk, value, [...path, String(key)]);
    }
  }
}

function visitObject(walk: Walk, object: PickleObject, path: Path): void {
  const made = madeBy(object, walk.file);
  switch (made?.kind) {
    case "tensor":
    case "array":
      walk.tensors.push({ path, tensor: made });
      return;
    case "entries":
      visitEntries(walk, made.entries, path);
      return;
    case "value":
      visit(walk, made.value, path);
      return;
    case undefined:
      visitUnknown(walk, object, path);
      return;
  }
  made satisfies never;
}

/** An object of some class: its attributes are data; what it was called with is not known to be. */
function visitUnknown(walk: Walk, object: PickleObject, path: Path): void {
  if (object.args.some((arg) => holdsMemory(arg))) {
    const name = globalName(object.callable) ?? "something without a name";
    walk.unknown.push({ path: path.join("."), name });
  }
  const attributes = attributesOf(object.state);
  const modules = attributes.filter(([key]) => MODULE_PARTS.includes(String(key)));
  if (modules.length < 2) visitEntries(walk, attributes, path);
  // In a module's own dicts the names are those of state_dict(); its other attributes are settings.
  else for (const [, part] of modules) visit(walk, part, path);
  visitEntries(walk, object.entries, path);
}

const MODULE_PARTS = ["_parameters", "_buffers", "_modules"];

/** The state is a dict of attributes, or a pair of it and of the slots. */
function attributesOf(state: PickleValue | undefined): readonly PickleEntry[] {
  if (!isStructure(state)) return [];
  if (state.kind === "dict") return state.entries;
  return state.kind === "tuple" && state.items.length === 2
    ? state.items.flatMap((part) => (isStructure(part) ? attributesOf(part) : []))
    : [];
}

/** Whether a value is a storage or, a few calls and tuples deep, is made with one. */
function holdsMemory(value: PickleValue, depth = 0): boolean {
  if (!isStructure(value) || depth > 4) return false;
  if (value.kind === "persistent") return true;
  const parts = value.kind === "object" ? value.args : value.kind === "tuple" ? value.items : [];
  return parts.slice(0, 16).some((part) => holdsMemory(part, depth + 1));
}

function keepValue(walk: Walk, value: PickleValue, path: Path): void {
  if (value === null || value instanceof Uint8Array || walk.valueCount >= mostValues) return;
  const text = String(value);
  if (text.length > longestText || path.length === 0) return;
  walk.values[path.join(".")] = text;
  walk.valueCount++;
}
