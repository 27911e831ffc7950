// Layers of transformers around their attention: a token for the whole, embeddings of positions, and a vector from tokens.

import { checkParameters, type OptionsOf, oneOf, parameters, words } from "../../base/index.ts";
import { int, type Term } from "../../onnx/index.ts";
import { type Layer, type LayerScope, makeLayer } from "./layer.ts";

interface Named {
  name?: string;
}

/** A learnt token before those of [N, positions, features]; its parameter is called as the layer. */
export function classToken({ name }: Named = {}): Layer {
  return makeLayer("class_token", name, (scope, x) => {
    const { m } = scope;
    const token = scope.parameter("", [1, 1, scope.lengthOf(x, -1)], "narrow-normal");
    const spread = m.expandLike(token, positions(scope, x, { from: 0, to: 1 }));
    return m.op("Concat", [spread, x], { axis: int(1) });
  });
}

/** Adds a learnt vector for each position; its parameter is called as the layer. */
export function positionEmbedding({ name }: Named = {}): Layer {
  return makeLayer("position_embedding", name, (scope, x) => {
    const shape = [1, scope.lengthOf(x, 1), scope.lengthOf(x, -1)];
    return scope.m.add(x, scope.parameter("", shape, "narrow-normal"));
  });
}

const poolRules = parameters({
  /** The first token, or the mean or maximum of the others. */
  of: oneOf("token", "average", "max"),
  name: words().optional(),
});

/** [N, positions, features] behind a class token to [N, features]. */
export function tokenPool(options: OptionsOf<typeof poolRules>): Layer {
  const { of, name } = checkParameters(poolRules, options, "pool of tokens");
  return makeLayer("token_pool", name, (scope, x) => {
    const { m } = scope;
    if (of === "token") {
      return m.op("Squeeze", [positions(scope, x, { from: 0, to: 1 }), m.lengths([1])]);
    }
    const others = positions(scope, x, { from: 1, to: scope.lengthOf(x, 1) });
    if (of === "average") return m.mean(others, { axes: [1] });
    return m.op("ReduceMax", [others, m.lengths([1])], { keepdims: int(0) });
  });
}

function positions({ m }: LayerScope, x: Term, { from, to }: { from: number; to: number }): Term {
  return m.op("Slice", [x, m.lengths([from]), m.lengths([to]), m.lengths([1])]);
}
