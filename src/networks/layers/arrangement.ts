// Layers without parameters that rearrange, join, enlarge or thin out.

import {
  checkParameters,
  integer,
  number,
  type OptionsOf,
  oneOf,
  parameters,
  RoentgenError,
  rules,
  words,
} from "../../base/index.ts";
import { int, type Term, text } from "../../onnx/index.ts";
import { type Layer, type LayerScope, makeLayer } from "./layer.ts";
import { imageShape, lengths, perAxis } from "./window.ts";

const shared = { name: words().optional() };

interface Named {
  name?: string;
}

/** All but the batch into one axis. */
export function flatten({ name }: Named = {}): Layer {
  return makeLayer("flatten", name, ({ m }, x) => m.op("Flatten", [x], { axis: int(1) }));
}

const reshapeRules = parameters({ ...shared, shape: rules.array(integer({ min: -1 })).readonly() });

/** To lengths without the batch; one −1 takes what is left. */
export function reshape(shape: readonly number[], options: Named = {}): Layer {
  const { name } = checkParameters(reshapeRules, { ...options, shape }, "reshaping");
  return makeLayer("reshape", name, (scope, x) => {
    checkElements(scope, x, shape);
    return scope.m.reshapeSamples(x, shape);
  });
}

function checkElements(scope: LayerScope, x: Term, shape: readonly number[]): void {
  const [from, to] = [scope.shapeOf(x).slice(1), shape].map((all) =>
    all.reduce<number>((product, length) => product * Math.abs(Number(length)), 1),
  );
  const isOpen = shape.includes(-1);
  // A length that is not known makes `from` NaN, of which nothing can be said.
  if (Number.isNaN(from) || (isOpen ? from % to === 0 : from === to)) return;
  throw new RoentgenError("shape-mismatch", {
    problem: "it can't arrange its input so",
    expected: `${from} elements a sample, as [${scope.shapeOf(x).join(", ")}] has`,
    found: `[${shape.join(", ")}], ${isOpen ? `a multiple of ${to}` : `${to} elements`}`,
  });
}

const permuteRules = parameters({ ...shared, order: rules.array(integer({ min: 1 })).readonly() });

/** Axes in another order; 1 is the first after the batch. */
export function permute(order: readonly number[], options: Named = {}): Layer {
  const { name } = checkParameters(permuteRules, { ...options, order }, "permutation");
  return makeLayer("permute", name, (scope, x) => {
    const axes = scope.shapeOf(x).length - 1;
    if (order.length === axes && new Set(order).size === axes && Math.max(...order) === axes) {
      return scope.m.transpose(x, [0, ...order]);
    }
    throw new RoentgenError("bad-option", {
      problem: "its order does not fit its input",
      expected: `each axis from 1 to ${axes} once, for an input [${scope.shapeOf(x).join(", ")}]`,
      found: `[${order.join(", ")}]`,
      subject: "order",
    });
  });
}

const dropoutRules = parameters({ ...shared, rate: number({ min: 0, below: 1 }) });

/** In training a fraction of the elements becomes 0 and the rest is scaled up; in inference nothing. */
export function dropout(rate: number, options: Named = {}): Layer {
  const { name } = checkParameters(dropoutRules, { ...options, rate }, "dropout");
  return makeLayer("dropout", name, ({ m }, x) => m.op("Dropout", [x, m.scalarLike(rate, x)]));
}

/**
 * In training a fraction of the samples becomes 0 and the rest is scaled up; in inference nothing. Beside a residual branch
 * it skips the branch. Huang et al.: "Deep networks with stochastic depth", 2016, section 3.
 */
export function stochasticDepth(rate: number, options: Named = {}): Layer {
  const { name } = checkParameters(dropoutRules, { ...options, rate }, "stochastic depth");
  // Training knows it by its kind.
  return makeLayer(STOCHASTIC_DEPTH, name, ({ m }, x) =>
    m.op("Dropout", [x, m.scalarLike(rate, x)]),
  );
}

/** Kind of the layers whose Dropout takes whole samples. */
export const STOCHASTIC_DEPTH = "stochastic_depth";

/** The sum of its inputs. */
export function add({ name }: Named = {}): Layer {
  return makeLayer("add", name, ({ m }, ...inputs) =>
    inputs.reduce((sum, input) => m.add(sum, input)),
  );
}

/** The product of its inputs, element by element, broadcast. */
export function multiply({ name }: Named = {}): Layer {
  return makeLayer("multiply", name, ({ m }, ...inputs) =>
    inputs.reduce((all, input) => m.mul(all, input)),
  );
}

/** Its inputs one after another along an axis; 1 are the channels. */
export function concatenate({ axis = 1, name }: Named & { axis?: number } = {}): Layer {
  return makeLayer("concatenate", name, ({ m }, ...inputs) =>
    m.op("Concat", inputs, { axis: int(axis) }),
  );
}

const upsampleRules = parameters({
  ...shared,
  factor: lengths({ min: 1 }).default(2),
  interpolation: oneOf("nearest", "linear").default("nearest"),
});

/** Enlarges images by whole factors. */
export function upsample(options: OptionsOf<typeof upsampleRules> = {}): Layer {
  const { factor, interpolation, name } = checkParameters(upsampleRules, options, "upsampling");
  return makeLayer("up_sampling", name, (scope, x) => {
    const { rank } = imageShape(scope, x);
    const factors = Float32Array.of(1, 1, ...perAxis(factor, rank));
    const scales = scope.m.graph.constant({ type: "float32", shape: [rank + 2], data: factors });
    // Nearest neighbours are copies: the pixel that a place falls into.
    const nearest = {
      coordinate_transformation_mode: text("asymmetric"),
      nearest_mode: text("floor"),
    };
    const attributes = {
      mode: text(interpolation),
      ...(interpolation === "nearest" ? nearest : {}),
    };
    return scope.m.op("Resize", [x, "", scales], attributes);
  });
}

const paddingRules = parameters({ ...shared, amount: lengths({ min: 0 }) });

/** Zeros around images, as many before and after each spatial axis. */
export function zeroPad(amount: number | readonly number[], options: Named = {}): Layer {
  const { name } = checkParameters(paddingRules, { ...options, amount }, "zero padding");
  return makeLayer("zero_padding", name, (scope, x) => {
    const pads = perAxis(amount, imageShape(scope, x).rank);
    return scope.m.op("Pad", [x, scope.m.lengths([0, 0, ...pads, 0, 0, ...pads])]);
  });
}
