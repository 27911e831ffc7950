import fc from "fast-check";
import { describe, it } from "vitest";
import { float, int, text } from "../../../src/onnx/index.ts";
import {
  broadcastable,
  everyCase,
  fixed,
  floats,
  integers,
  type NodeCase,
  shapes,
} from "./node-case.ts";

const anywhere =
  "Abs Ceil Cos Erf Exp Floor Identity Neg Round Sigmoid Sign Sin Tanh Atan Asinh Sinh Cosh Relu Softplus Softsign HardSwish Mish";
const positive = "Log Sqrt Reciprocal Acosh";
const within = "Acos Asin Atanh Tan";

function unary(operator: string, range?: { low: number; high: number }): fc.Arbitrary<NodeCase> {
  return shapes()
    .chain((shape) => floats(shape, range))
    .map((x) => ({ operator, inputs: [x], opset: 22 }));
}

describe("One number at a time", () => {
  it.each(anywhere.split(" "))("%s gives what the runtime gives", (operator) =>
    everyCase(unary(operator), 8),
  );
  it.each(positive.split(" "))("%s gives what the runtime gives", (operator) =>
    everyCase(unary(operator, { low: 1, high: 9 }), 8),
  );
  it.each(within.split(" "))("%s gives what the runtime gives", (operator) =>
    everyCase(unary(operator, { low: -1, high: 1 }), 8),
  );
});

const withParameters = {
  Elu: ["alpha"],
  Celu: ["alpha"],
  Selu: ["alpha", "gamma"],
  LeakyRelu: ["alpha"],
  ThresholdedRelu: ["alpha"],
  HardSigmoid: ["alpha", "beta"],
  Shrink: ["lambd", "bias"],
};

describe("Activations with parameters", () => {
  it.each(Object.entries(withParameters))("%s gives what the runtime gives", (operator, names) =>
    everyCase(
      fc
        .tuple(
          shapes().chain((shape) => floats(shape)),
          fc.array(fc.option(fc.integer({ min: 1, max: 12 }).map((n) => n / 4)), {
            minLength: names.length,
            maxLength: names.length,
          }),
        )
        .map(([x, values]) => ({
          operator,
          inputs: [x],
          attributes: Object.fromEntries(
            names.flatMap((name, at) => (values[at] === null ? [] : [[name, float(values[at])]])),
          ),
        })),
    ),
  );

  it("Gelu gives what the runtime gives, by erf and by tanh", () =>
    everyCase(
      fc
        .tuple(
          shapes().chain((shape) => floats(shape)),
          fc.constantFrom("none", "tanh"),
        )
        .map(([x, approximate]) => ({
          operator: "Gelu",
          inputs: [x],
          attributes: { approximate: text(approximate) },
          opset: 20,
        })),
    ));

  it("PRelu gives what the runtime gives", () =>
    everyCase(
      fc
        .tuple(
          floats([2, 3, 4]),
          fc.constantFrom([1], [3, 1], [4], [2, 3, 4]).chain((s) => floats(s)),
        )
        .map((inputs) => ({ operator: "PRelu", inputs })),
    ));

  it("Clip gives what the runtime gives, with and without bounds", () =>
    everyCase(
      fc
        .tuple(
          shapes().chain((shape) => floats(shape)),
          fc.option(fc.integer({ min: -2, max: 0 })),
          fc.option(fc.integer({ min: 0, max: 2 })),
        )
        .map(([x, low, high]) => ({
          operator: "Clip",
          inputs: [
            x,
            ...[low, high].map((one) => (one === null ? undefined : fixed([one], "float32", []))),
          ],
        })),
    ));

  it.each(["Softmax", "LogSoftmax", "Hardmax"])(
    "%s gives what the runtime gives in both its meanings",
    (operator) =>
      everyCase(
        shapes({ ranks: [1, 4] })
          .chain((shape) =>
            fc.tuple(
              floats(shape),
              fc.integer({ min: -shape.length, max: shape.length - 1 }),
              fc.constantFrom(11, 13),
            ),
          )
          .map(([x, axis, opset]) => ({
            operator,
            inputs: [x],
            attributes: { axis: int(axis) },
            opset,
          })),
      ),
  );
});

const pairs = "Add Sub Mul Equal Greater GreaterOrEqual Less LessOrEqual Max Min Sum Mean";

function combined(operator: string, count: number, range?: { low: number; high: number }) {
  return broadcastable(count)
    .chain((all) => fc.tuple(...all.map((shape) => floats(shape, range))))
    .map((inputs): NodeCase => ({ operator, inputs }));
}

describe("Two numbers at a time, broadcast", () => {
  it.each(pairs.split(" "))("%s gives what the runtime gives", (operator) =>
    everyCase(combined(operator, 2), 12),
  );
  it.each(["Div", "Pow"])("%s gives what the runtime gives", (operator) =>
    everyCase(combined(operator, 2, { low: 1, high: 4 }), 12),
  );
  it.each(["Max", "Min", "Sum", "Mean"])("%s takes any number of inputs", (operator) =>
    everyCase(
      fc.integer({ min: 1, max: 4 }).chain((count) => combined(operator, count)),
      12,
    ),
  );

  it.each(["And", "Or", "Xor"])("%s gives what the runtime gives", (operator) =>
    everyCase(
      broadcastable(2)
        .chain((all) =>
          fc.tuple(...all.map((shape) => integers(shape, { low: 0, high: 1, type: "bool" }))),
        )
        .map((inputs) => ({ operator, inputs })),
      12,
    ),
  );

  it("Where gives what the runtime gives", () =>
    everyCase(
      broadcastable(3)
        .chain(([c, a, b]) =>
          fc.tuple(integers(c, { low: 0, high: 1, type: "bool" }), floats(a), floats(b)),
        )
        .map((inputs) => ({ operator: "Where", inputs })),
    ));

  it.each(["Add", "Sub", "Mul", "Div", "Mod", "BitwiseAnd", "BitwiseOr", "BitwiseXor"])(
    "%s of whole numbers gives what the runtime gives",
    (operator) =>
      everyCase(
        fc
          .tuple(broadcastable(2), fc.constantFrom("int32" as const, "int64" as const))
          .chain(([[a, b], type]) =>
            fc.tuple(
              integers(a, { low: -50, high: 50, type }),
              integers(b, { low: 1, high: 9, type }),
            ),
          )
          .map((inputs) => ({ operator, inputs, tolerance: 0 })),
        12,
      ),
  );
});

describe("Cast", () => {
  it("gives what the runtime gives", () =>
    everyCase(
      fc
        .tuple(
          shapes().chain((shape) => floats(shape)),
          fc.constantFrom(1, 6, 7, 9, 10, 11),
        )
        .map(([x, to]) => ({ operator: "Cast", inputs: [x], attributes: { to: int(to) } })),
    ));
});
