// Multi-head self-attention. Vaswani et al.: "Attention is all you need", 2017, section 3.2.

import { RoentgenError } from "../../base/index.ts";
import { int } from "../../onnx/index.ts";
import { type Layer, type LayerScope, makeLayer } from "../compose.ts";

export interface AttentionOptions {
  heads: number;
  name?: string;
}

/** Every position of [N, positions, features] looks at all others, in `heads` ways. */
export function selfAttention({ heads, name }: AttentionOptions): Layer {
  return makeLayer("attention", name, (scope, x) => {
    const { m } = scope;
    const [positions, features] = sizesOf(scope, x, heads);
    const width = features / heads;
    const joint = m.add(
      m.matmul(
        x,
        m.transpose(
          scope.parameter("in_proj_weight", [3 * features, features], "glorot-uniform"),
          [1, 0],
        ),
      ),
      scope.parameter("in_proj_bias", [3 * features], "zeros"),
    );
    // [N, positions, 3, heads, width] to [3, N, heads, positions, width].
    const parted = m.transpose(m.reshape(joint, [-1, positions, 3, heads, width]), [2, 0, 3, 1, 4]);
    const [query, key, value] = [0, 1, 2].map((index) => {
      const at = m.graph.constant({
        type: "int64",
        shape: [],
        data: BigInt64Array.of(BigInt(index)),
      });
      return m.op("Gather", [parted, at], { axis: int(0) });
    });
    const scores = m.mul(m.matmul(query, m.transpose(key, [0, 1, 3, 2])), 1 / Math.sqrt(width));
    const seen = m.matmul(m.op("Softmax", [scores], { axis: int(-1) }), value);
    const joined = m.reshape(m.transpose(seen, [0, 2, 1, 3]), [-1, positions, features]);
    const weight = scope.parameter("out_proj.weight", [features, features], "glorot-uniform");
    const bias = scope.parameter("out_proj.bias", [features], "zeros");
    return m.add(m.matmul(joined, m.transpose(weight, [1, 0])), bias);
  });
}

function sizesOf(scope: LayerScope, x: string, heads: number): [number, number] {
  const [, positions, features] = scope.shapeOf(x);
  if (typeof positions === "number" && typeof features === "number" && features % heads === 0) {
    return [positions, features];
  }
  throw new RoentgenError("shape-mismatch", {
    problem: `Layer "${scope.name}" does not fit its input`,
    expected: `[batch, positions, features] with features divisible by ${heads} heads`,
    found: `[${scope.shapeOf(x).join(", ")}]`,
    subject: scope.name,
  });
}
