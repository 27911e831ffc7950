// Layers that scale and shift: by constants, by what was measured on images, or by a learnt number for each channel.

import {
  checkParameters,
  number,
  type OptionsOf,
  parameters,
  rules,
  words,
} from "../../base/index.ts";
import type { Algebra, Term } from "../../onnx/index.ts";
import { type Layer, makeLayer } from "./layer.ts";
import { imageShape } from "./window.ts";

const shared = { name: words().optional() };

const perChannel = () => rules.array(number()).readonly();

const rescalingRules = parameters({
  ...shared,
  /** One for each channel, or one for all. */
  factor: perChannel().default([1]),
  offset: perChannel().default([0]),
});

/** x · factor + offset. */
export function rescale(options: OptionsOf<typeof rescalingRules>): Layer {
  const { factor, offset, name } = checkParameters(rescalingRules, options, "rescaling");
  return makeLayer("rescaling", name, (scope, x) => {
    const { rank } = imageShape(scope, x);
    const scaled = scope.m.mul(x, constantOf(scope.m, factor, rank));
    if (offset.every((one) => one === 0)) return scaled;
    return scope.m.add(scaled, constantOf(scope.m, offset, rank));
  });
}

const standardRules = parameters({ ...shared, mean: perChannel(), variance: perChannel() });

/** (x − mean) / √variance by channel, with what images had; both stand in weight files and are not trained. */
export function standardise(options: OptionsOf<typeof standardRules>): Layer {
  const { mean, variance, name } = checkParameters(standardRules, options, "standardisation");
  return makeLayer("normalization", name, (scope, x) => {
    const { m } = scope;
    const { rank, channels } = imageShape(scope, x);
    const held = { learnable: false };
    const [centre, spread] = [
      scope.parameter("mean", [channels], mean, held),
      scope.parameter("variance", [channels], variance, held),
    ].map((term) => m.reshape(term, [channels, ...new Array(rank).fill(1)]));
    return m.div(m.sub(x, centre), m.sqrt(spread));
  });
}

const layerScaleRules = parameters({ ...shared, initial: number().default(1e-6) });

/** A learnt factor for each channel. Touvron et al.: "Going deeper with image transformers", 2021, section 2. */
export function layerScale(options: OptionsOf<typeof layerScaleRules> = {}): Layer {
  const { initial, name } = checkParameters(layerScaleRules, options, "layer scale");
  return makeLayer("layer_scale", name, (scope, x) => {
    const { rank, channels } = imageShape(scope, x);
    const shape = [channels, ...new Array(rank).fill(1)];
    return scope.m.mul(scope.parameter("layer_scale", shape, initial), x);
  });
}

function constantOf(m: Algebra, values: readonly number[], rank: number): Term {
  const shape = [values.length, ...new Array(rank).fill(1)];
  return m.graph.constant({ type: "float32", shape, data: Float32Array.from(values) });
}
