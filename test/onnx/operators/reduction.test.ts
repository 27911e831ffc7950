import fc from "fast-check";
import { describe, it } from "vitest";
import { type Attribute, int, ints } from "../../../src/onnx/index.ts";
import { everyCase, fixed, floats, type NodeCase, shapes } from "./node-case.ts";

const operators =
  "ReduceSum ReduceMean ReduceProd ReduceMax ReduceMin ReduceL1 ReduceL2 ReduceSumSquare ReduceLogSum ReduceLogSumExp";

/** Axes given as an input (opset 18) or an attribute (11), or not at all. */
function reduction(operator: string): fc.Arbitrary<NodeCase> {
  return shapes({ ranks: [1, 4] })
    .chain((shape) =>
      fc.record({
        x: floats(shape, { low: 1, high: 4 }),
        axes: fc.option(
          fc.subarray(
            shape.map((_, axis) => axis),
            { minLength: 1 },
          ),
        ),
        isNegative: fc.boolean(),
        keepdims: fc.integer({ min: 0, max: 1 }),
        opset: fc.constantFrom(11, 18),
      }),
    )
    .map(({ x, axes, isNegative, keepdims, opset }) => {
      const given = axes?.map((axis) => (isNegative ? axis - x.shape.length : axis));
      const attributes: Record<string, Attribute> = { keepdims: int(keepdims) };
      if (given && opset === 11) attributes.axes = ints(given);
      const inputs = given && opset === 18 ? [x, fixed(given)] : [x];
      return { operator, inputs, constants: [1], attributes, opset };
    });
}

describe("Reductions", () => {
  it.each(operators.split(" "))("%s gives what the runtime gives", (operator) =>
    everyCase(reduction(operator), 15),
  );

  it.each(["ArgMax", "ArgMin"])("%s gives what the runtime gives", (operator) =>
    everyCase(
      shapes({ ranks: [1, 4] })
        .chain((shape) =>
          fc.tuple(
            floats(shape, { low: 0, high: 1 }),
            fc.integer({ min: -shape.length, max: shape.length - 1 }),
            fc.integer({ min: 0, max: 1 }),
            fc.integer({ min: 0, max: 1 }),
          ),
        )
        .map(([x, axis, keepdims, last]) => ({
          operator,
          inputs: [x],
          attributes: { axis: int(axis), keepdims: int(keepdims), select_last_index: int(last) },
        })),
    ),
  );

  it("CumSum gives what the runtime gives", () =>
    everyCase(
      shapes({ ranks: [1, 4] })
        .chain((shape) =>
          fc.tuple(
            floats(shape),
            fc.integer({ min: -shape.length, max: shape.length - 1 }),
            fc.integer({ min: 0, max: 1 }),
            fc.integer({ min: 0, max: 1 }),
          ),
        )
        .map(([x, axis, exclusive, reverse]) => ({
          operator: "CumSum",
          inputs: [x, fixed([axis], "int64", [])],
          attributes: { exclusive: int(exclusive), reverse: int(reverse) },
        })),
    ));
});
