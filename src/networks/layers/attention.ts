// Multi-head self-attention. Vaswani et al.: "Attention is all you need", 2017, section 3.2.

import {
  checkParameters,
  integer,
  type OptionsOf,
  oneOf,
  parameters,
  RoentgenError,
  words,
} from "../../base/index.ts";
import { type Algebra, int, type Term } from "../../onnx/index.ts";
import { initialiserName } from "../initialise.ts";
import { type Layer, type LayerScope, makeLayer } from "./layer.ts";

const rules = parameters({
  heads: integer({ min: 1 }),
  /** What the parameters are called: as in PyTorch's own layer, or as in timm's transformers. */
  naming: oneOf("pytorch", "timm").default("pytorch"),
  initialiser: initialiserName().default("glorot-uniform"),
  name: words().optional(),
});

const NAMES = {
  pytorch: ["in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias"],
  timm: ["qkv.weight", "qkv.bias", "proj.weight", "proj.bias"],
} as const;

/** Every position of [N, positions, features] looks at all others, in `heads` ways. */
export function selfAttention(options: OptionsOf<typeof rules>): Layer {
  const { heads, naming, initialiser, name } = checkParameters(rules, options, "self-attention");
  return makeLayer("attention", name, (scope, x) => {
    const { m } = scope;
    const [positions, features] = sizesOf(scope, x, heads);
    const width = features / heads;
    const [intoName, intoBiasName, outName, outBiasName] = NAMES[naming];
    const into = scope.parameter(intoName, [3 * features, features], initialiser);
    const intoBias = scope.parameter(intoBiasName, [3 * features], "zeros");
    const joint = m.add(m.matmul(x, m.transpose(into, [1, 0])), intoBias);
    // [N, positions, 3, heads, width] to [3, N, heads, positions, width].
    const parted = m.transpose(
      m.reshapeSamples(joint, [positions, 3, heads, width]),
      [2, 0, 3, 1, 4],
    );
    const [query, key, value] = [0, 1, 2].map((index) => partOf(m, parted, index));
    const scores = m.mul(m.matmul(query, m.transpose(key, [0, 1, 3, 2])), 1 / Math.sqrt(width));
    const seen = m.matmul(m.op("Softmax", [scores], { axis: int(-1) }), value);
    const joined = m.reshapeSamples(m.transpose(seen, [0, 2, 1, 3]), [positions, features]);
    const weight = scope.parameter(outName, [features, features], initialiser);
    const bias = scope.parameter(outBiasName, [features], "zeros");
    return m.add(m.matmul(joined, m.transpose(weight, [1, 0])), bias);
  });
}

function partOf(m: Algebra, joint: Term, index: number): Term {
  const at = m.graph.constant({ type: "int64", shape: [], data: BigInt64Array.of(BigInt(index)) });
  return m.op("Gather", [joint, at], { axis: int(0) });
}

function sizesOf(scope: LayerScope, x: Term, heads: number): [number, number] {
  const [, positions, features] = scope.shapeOf(x);
  if (typeof positions === "number" && typeof features === "number" && features % heads === 0) {
    return [positions, features];
  }
  throw new RoentgenError("shape-mismatch", {
    problem: "its heads do not fit its input",
    expected: `[batch, positions, features] with features divisible by ${heads} heads`,
    found: `[${scope.shapeOf(x).join(", ")}]`,
  });
}
