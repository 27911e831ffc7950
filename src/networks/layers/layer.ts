// What a layer is, and how one is made from the function that adds its nodes.

import { RoentgenError } from "../../base/index.ts";
import { type Algebra, algebraOf, type Dimension, type Term } from "../../onnx/index.ts";
import { type Draft, nextName, record, type Signal } from "../draft.ts";
import { type FirstValues, initialise } from "../initialise.ts";
import type { ParameterRecord } from "../network.ts";

/**
 * Takes signals and gives one. A layer that is called again in the same network uses the parameters of its first call, as in
 * Keras and PyTorch; two layers never share, whatever they were made of.
 */
export type Layer = (...inputs: Signal[]) => Signal;

/** What a layer builds with. */
export interface LayerScope {
  readonly m: Algebra;
  /** Name of the layer. */
  readonly name: string;
  /** Lengths of a tensor, batch first. */
  shapeOf(term: Term): readonly Dimension[];
  /**
   * Length of an axis; −1 is the last one.
   * @throws RoentgenError "shape-mismatch" where it is open
   */
  lengthOf(term: Term, axis: number): number;
  /** Declares a parameter of the layer: its tensor is called "layer.name", or without a name as the layer. */
  parameter(
    name: string,
    shape: readonly number[],
    initialiser: FirstValues,
    options?: { learnable?: boolean },
  ): Term;
}

/** Parameters that a layer declared when it was first called in a network. */
interface Declared {
  readonly layer: string;
  readonly parameters: Map<string, DeclaredParameter>;
}

interface DeclaredParameter {
  readonly record: ParameterRecord;
  readonly term: Term;
}

/** A layer of a kind from the function that adds its nodes. */
export function makeLayer(
  kind: string,
  name: string | undefined,
  build: (scope: LayerScope, ...inputs: Term[]) => Term,
): Layer {
  const calls = new WeakMap<Draft, Declared>();
  return (...inputs) => {
    const draft = draftOf(inputs, name ?? kind);
    const first = calls.get(draft);
    const layer = first || !name ? nextName(draft, first?.layer ?? kind) : name;
    const declared = first ?? { layer, parameters: new Map() };
    calls.set(draft, declared);
    const used: ParameterRecord[] = [];
    const scope = scopeOf(draft, layer, declared, used);
    const terms = inputs.map(({ term }) => term);
    const output = named(layer, () => build(scope, ...terms));
    const outputShape = scope.shapeOf(output);
    const sources = terms.map((term) => draft.sources.get(term) ?? term);
    record(draft, { name: layer, kind, output, outputShape, inputs: sources, parameters: used });
    return { term: output, shape: outputShape, draft };
  };
}

/** The network that the inputs are part of. */
function draftOf(inputs: readonly Signal[], layer: string): Draft {
  const drafts = new Set(inputs.map(({ draft }) => draft));
  if (drafts.size === 1) return inputs[0].draft;
  throw new RoentgenError("bad-option", {
    problem: `Cannot add layer "${layer}"`,
    expected: "at least one input, and all of the same network",
    found: drafts.size === 0 ? "none" : `inputs of ${drafts.size} networks`,
    subject: layer,
  });
}

function scopeOf(
  draft: Draft,
  name: string,
  { layer, parameters }: Declared,
  used: ParameterRecord[],
): LayerScope {
  const { graph, seed, initialise: choice } = draft;
  const isDrawn = typeof choice === "function" ? choice : () => choice;
  const shapeOf = (term: Term) => graph.typeOf(term)?.shape ?? [];
  return {
    m: algebraOf(graph),
    name,
    shapeOf,
    lengthOf(term, axis) {
      const length = shapeOf(term).at(axis);
      if (typeof length === "number") return length;
      throw new RoentgenError("shape-mismatch", {
        problem: "it needs a known length",
        expected: `a number at axis ${axis}`,
        found: `[${shapeOf(term).join(", ")}]`,
      });
    },
    parameter(part, shape, initialiser, { learnable = true } = {}) {
      const full = part === "" ? layer : `${layer}.${part}`;
      if (!parameters.has(full)) {
        const data = initialise(isDrawn(full) || isFixed(initialiser) ? initialiser : "zeros", {
          ...{ name: full, shape, seed },
        });
        const term = graph.constant({ type: "float32", shape, data }, full);
        // In an imported graph another tensor may have the name.
        parameters.set(full, { record: { name: term, shape, learnable }, term });
      }
      const { record, term } = parameters.get(full) as DeclaredParameter;
      checkShared(record, shape);
      used.push(record);
      return term;
    },
  };
}

/** Whether nothing is drawn for it. */
const isFixed = (initialiser: FirstValues) =>
  typeof initialiser !== "string" || initialiser === "zeros" || initialiser === "ones";

/** Refuses a second call of a layer on an input that its parameters do not fit. */
function checkShared({ name, shape }: ParameterRecord, wanted: readonly number[]): void {
  if (shape.join() === wanted.join()) return;
  throw new RoentgenError("shape-mismatch", {
    problem: "it was called before, on an input of another shape",
    expected: `an input for which parameter "${name}" has shape [${shape.join(", ")}]`,
    found: `one that needs [${wanted.join(", ")}]`,
    remedy: "Make a layer for each, or bring the inputs to one shape.",
  });
}

/** Adds the layer's name to what goes wrong in it. */
function named<Result>(layer: string, build: () => Result): Result {
  try {
    return build();
  } catch (error) {
    if (!(error instanceof RoentgenError)) throw error;
    const { detail } = error;
    throw new RoentgenError(error.code, {
      ...detail,
      problem: `Cannot add layer "${layer}": ${detail.problem}`,
      subject: layer,
      cause: error,
    });
  }
}
