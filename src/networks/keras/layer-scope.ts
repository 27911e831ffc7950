// What the rule of a Keras layer builds with: signals, which may have their channels moved in front of the other
// axes, and the layer's weights in Keras's order.

import type { Algebra, Dimension, Term } from "../../onnx/index.ts";
import type { ParameterRecord } from "../network.ts";
import type { LayerConfig } from "./layer-config.ts";
import type { LayerWeights, WeightArray } from "./layer-weights.ts";

/** A tensor on its way through the model. */
export interface KerasSignal {
  readonly term: Term;
  /** Whether Keras's last axis lies at axis 1, as ONNX's layers of images want it. */
  readonly moved: boolean;
  /** Layer that gave it. */
  readonly source: string;
}

/** What a rule gives back. */
export type Result = Omit<KerasSignal, "source">;

/** A layer under conversion. */
export interface LayerScope {
  readonly m: Algebra;
  readonly config: LayerConfig;
  /** 1, 2 or 3: functions that changed their meaning go by it. */
  readonly kerasMajor: number;
  readonly parameters: ParameterRecord[];
  /** Lengths as Keras has them, batch first. */
  shapeOf(signal: Result): readonly Dimension[];
  /** The tensor in Keras's order of axes. */
  plain(signal: Result): Term;
  /** The tensor with its last axis moved to axis 1. */
  moved(signal: Result): Term;
  /** The layer's next weight; `role` is for messages. */
  weight(role: string, shape?: readonly (number | undefined)[]): WeightArray;
  /** Whether there is another weight. */
  hasWeight(): boolean;
  /** Puts numbers into the graph as a parameter "layer.part". */
  parameter(part: string, array: WeightArray, options?: { learnable?: boolean }): Term;
}

/** Turns the inputs of a layer into its output. */
export type LayerRule = (scope: LayerScope, ...inputs: KerasSignal[]) => Result;

/** What scopes of one model share. */
export interface ModelScope {
  readonly m: Algebra;
  readonly kerasMajor: number;
  /** Parameters so far by name: layers that are used twice have them once. */
  readonly terms: Map<string, Term>;
}

/** Opens a layer for one of its uses. */
export function layerScope(
  { m, kerasMajor, terms }: ModelScope,
  config: LayerConfig,
  { arrays }: LayerWeights,
): LayerScope {
  const parameters: ParameterRecord[] = [];
  let taken = 0;
  const physical = (term: Term) => m.graph.typeOf(term)?.shape ?? [];
  return {
    ...{ m, config, kerasMajor, parameters },
    shapeOf({ term, moved }) {
      const [batch, channels, ...rest] = physical(term);
      return moved ? [batch, ...rest, channels] : physical(term);
    },
    plain({ term, moved }) {
      return moved ? m.transpose(term, channelsLast(physical(term).length)) : term;
    },
    moved({ term, moved }) {
      const rank = physical(term).length;
      return moved || rank < 3 ? term : m.transpose(term, channelsFirst(rank));
    },
    weight(role, shape) {
      const array = arrays[taken++];
      if (!array) {
        throw config.refuse({
          expected: `a weight for its ${role}`,
          found: `${arrays.length} weights in the file`,
        });
      }
      checkWeight(config, role, array, shape);
      return array;
    },
    hasWeight: () => taken < arrays.length,
    parameter(part, { shape, data }, { learnable = true } = {}) {
      const name = `${config.name}.${part}`;
      const frozen = config.flag("trainable", true) ? {} : { frozen: true };
      parameters.push({ name, shape, learnable, ...frozen });
      const term = terms.get(name) ?? m.graph.constant({ type: "float32", shape, data }, name);
      terms.set(name, term);
      return term;
    },
  };
}

/** Where an axis of Keras's lies in the tensor; negative ones count from the end. */
export function physicalAxis(axis: number, rank: number, moved: boolean): number {
  const positive = axis < 0 ? axis + rank : axis;
  if (!moved || positive === 0) return positive;
  return positive === rank - 1 ? 1 : positive + 1;
}

const channelsFirst = (rank: number) => [0, rank - 1, ...range(1, rank - 1)];
const channelsLast = (rank: number) => [0, ...range(2, rank), 1];
const range = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);

function checkWeight(
  config: LayerConfig,
  role: string,
  { shape }: WeightArray,
  expected: readonly (number | undefined)[] | undefined,
): void {
  const fits =
    !expected ||
    (expected.length === shape.length &&
      expected.every((length, axis) => length === undefined || length === shape[axis]));
  if (fits) return;
  throw config.refuse({
    expected: `its ${role} of shape [${expected.map((length) => length ?? "any").join(", ")}]`,
    found: `[${shape.join(", ")}] in the file`,
    remedy: "The weights belong to another model than the configuration.",
  });
}
