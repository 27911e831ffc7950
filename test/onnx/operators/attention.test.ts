import fc from "fast-check";
import { describe, it } from "vitest";
import { type Attribute, float, int } from "../../../src/onnx/index.ts";
import { everyCase, floats, integers, type NodeCase } from "./node-case.ts";

const length = fc.integer({ min: 1, max: 4 });

describe("Attention", () => {
  it("gives what the runtime gives: masks, causality, groups of heads, softcap, both layouts", () =>
    everyCase(
      fc
        .record({
          queries: length,
          keys: length,
          size: length,
          width: length,
          groups: fc.integer({ min: 1, max: 2 }),
          isFlat: fc.boolean(),
          mask: fc.constantFrom("none", "bool", "float"),
          isCausal: fc.boolean(),
          softcap: fc.constantFrom(0, 2),
        })
        .chain((one) => {
          const heads = 2 * one.groups;
          const shape = (count: number, steps: number, size: number) =>
            one.isFlat ? [2, steps, count * size] : [2, count, steps, size];
          const maskShape = [one.queries, one.keys];
          const masks = {
            none: fc.constant(undefined),
            // A row of nothing but false has no softmax: its first key stays visible.
            bool: integers(maskShape, { low: 0, high: 1, type: "bool" }).map((mask) => ({
              ...mask,
              data: (mask.data as Float64Array).map((seen, at) => (at % one.keys === 0 ? 1 : seen)),
            })),
            float: floats(maskShape),
          };
          const attributes: Record<string, Attribute> = {
            is_causal: int(Number(one.isCausal)),
            ...(one.softcap ? { softcap: float(one.softcap) } : {}),
            ...(one.isFlat ? { q_num_heads: int(heads), kv_num_heads: int(2) } : {}),
          };
          return fc
            .tuple(
              floats(shape(heads, one.queries, one.size)),
              floats(shape(2, one.keys, one.size)),
              floats(shape(2, one.keys, one.width)),
              masks[one.mask as keyof typeof masks],
            )
            .map(
              (inputs): NodeCase => ({
                operator: "Attention",
                inputs: one.mask === "none" ? inputs.slice(0, 3) : inputs,
                attributes,
                opset: 23,
                tolerance: 1e-4,
              }),
            );
        }),
      60,
    ));

  it("goes on from the keys and values that came before", () =>
    everyCase(
      fc
        .tuple(
          floats([1, 2, 2, 4]),
          floats([1, 2, 2, 4]),
          floats([1, 2, 2, 3]),
          floats([1, 2, 3, 4]),
          floats([1, 2, 3, 3]),
          fc.nat(1),
        )
        .map(([q, k, v, pastKey, pastValue, causal]) => ({
          operator: "Attention",
          inputs: [q, k, v, undefined, pastKey, pastValue],
          outputs: 3,
          attributes: { is_causal: int(causal) },
          opset: 23,
          tolerance: 1e-4,
        })),
      10,
    ));
});

describe("RotaryEmbedding", () => {
  it("gives what the runtime gives", () =>
    everyCase(
      fc
        .tuple(
          floats([2, 2, 3, 4]),
          floats([2, 3, 2], { low: -1, high: 1 }),
          floats([2, 3, 2], { low: -1, high: 1 }),
          fc.nat(1),
        )
        .map(([x, cos, sin, interleaved]) => ({
          operator: "RotaryEmbedding",
          inputs: [x, cos, sin],
          attributes: { interleaved: int(interleaved) },
          opset: 23,
        })),
      10,
    ));
});
