import fc from "fast-check";
import { describe, it } from "vitest";
import { type Attribute, int, ints, text } from "../../../src/onnx/index.ts";
import { everyCase, fixed, floats, integers, type NodeCase, shapes } from "./node-case.ts";

const anyAxis = (rank: number) => fc.integer({ min: -rank, max: rank - 1 });
const filled = shapes({ ranks: [1, 4] });

describe("Putting together and taking apart", () => {
  it("Concat gives what the runtime gives", () =>
    everyCase(
      filled
        .chain((shape) =>
          fc.tuple(
            anyAxis(shape.length),
            fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
            fc.constant(shape),
          ),
        )
        .chain(([axis, lengths, shape]) =>
          fc
            .tuple(...lengths.map((length) => floats(shape.with(axis, length))))
            .map((inputs) => ({ operator: "Concat", inputs, attributes: { axis: int(axis) } })),
        ),
    ));

  it("Split gives what the runtime gives, by lengths or by number", () =>
    everyCase(
      fc.tuple(floats([2, 7, 3]), fc.constantFrom("lengths", "number")).map(([x, by]): NodeCase => {
        const isNumber = by === "number";
        return {
          operator: "Split",
          inputs: isNumber ? [x] : [x, fixed([1, 4, 2])],
          constants: [1],
          outputs: 3,
          attributes: { axis: int(1), ...(isNumber ? { num_outputs: int(3) } : {}) },
        };
      }),
      6,
    ));

  it("Slice gives what the runtime gives, whatever the bounds and steps", () =>
    everyCase(
      filled
        .chain((shape) =>
          fc.tuple(
            floats(shape),
            fc.uniqueArray(fc.nat(shape.length - 1), { minLength: 1 }),
            fc.array(
              fc.tuple(
                fc.integer({ min: -6, max: 6 }),
                fc.oneof(fc.integer({ min: -6, max: 6 }), fc.constantFrom(2 ** 31, -(2 ** 31))),
                fc.constantFrom(-3, -2, -1, 1, 2, 3),
              ),
              { minLength: 4, maxLength: 4 },
            ),
            fc.boolean(),
          ),
        )
        .map(([x, axes, ranges, isNegative]): NodeCase => {
          const given = ranges.slice(0, axes.length);
          const column = (at: 0 | 1 | 2) => fixed(given.map((range) => range[at]));
          const named = axes.map((axis) => (isNegative ? axis - x.shape.length : axis));
          return {
            operator: "Slice",
            inputs: [x, column(0), column(1), fixed(named), column(2)],
            constants: [1, 2, 3, 4],
          };
        }),
      60,
    ));

  it("Pad gives what the runtime gives in all its modes", () =>
    everyCase(
      shapes({ ranks: [1, 3] })
        .map((shape) => shape.map((length) => length + 2))
        .chain((shape) =>
          fc.tuple(
            floats(shape),
            fc.constantFrom("constant", "edge", "reflect", "wrap"),
            fc.array(fc.integer({ min: 0, max: 2 }), {
              minLength: 2 * shape.length,
              maxLength: 2 * shape.length,
            }),
          ),
        )
        .map(
          ([x, mode, amounts]): NodeCase => ({
            operator: "Pad",
            inputs: [x, fixed(amounts), fixed([0.5], "float32", [])],
            constants: [1],
            attributes: { mode: text(mode) },
            opset: 19,
          }),
        ),
      50,
    ));

  it("Expand and Tile give what the runtime gives", () =>
    everyCase(
      filled.chain((shape) =>
        fc
          .tuple(floats(shape), fc.constantFrom("Expand", "Tile"), fc.integer({ min: 1, max: 3 }))
          .map(
            ([x, operator, times]): NodeCase => ({
              operator,
              inputs: [
                x,
                fixed(
                  operator === "Tile" ? shape.map(() => times) : [times, ...shape.map(() => 1)],
                ),
              ],
              constants: [1],
            }),
          ),
      ),
    ));

  it("Trilu gives what the runtime gives", () =>
    everyCase(
      fc
        .tuple(floats([2, 3, 4]), fc.integer({ min: -4, max: 4 }), fc.nat(1))
        .map(([x, k, upper]) => ({
          operator: "Trilu",
          inputs: [x, fixed([k], "int64", [])],
          attributes: { upper: int(upper) },
        })),
    ));
});

describe("Rearranging", () => {
  it("Transpose gives what the runtime gives", () =>
    everyCase(
      filled.chain((shape) =>
        fc
          .tuple(
            floats(shape),
            fc.shuffledSubarray(
              shape.map((_, axis) => axis),
              { minLength: shape.length },
            ),
          )
          .map(([x, perm]) => ({
            operator: "Transpose",
            inputs: [x],
            attributes: { perm: ints(perm) },
          })),
      ),
    ));

  it("Reshape gives what the runtime gives", () =>
    everyCase(
      fc
        .tuple(
          floats([2, 3, 4]),
          fc.constantFrom([24], [0, -1], [-1, 6], [4, 0, 2], [2, 3, 2, 2], [0, 0, 0, -1]),
        )
        .map(([x, shape]) => ({ operator: "Reshape", inputs: [x, fixed(shape)], constants: [1] })),
      12,
    ));

  it.each(["Squeeze", "Unsqueeze"])("%s takes axes as input and as attribute", (operator) =>
    everyCase(
      fc
        .tuple(
          floats([1, 3, 1, 2]),
          fc.constantFrom([0], [2], [0, 2], [-2]),
          fc.constantFrom(11, 13),
        )
        .map(
          ([x, axes, opset]): NodeCase => ({
            operator,
            inputs: opset === 13 ? [x, fixed(axes)] : [x],
            constants: [1],
            attributes: opset === 11 ? { axes: ints(axes) } : {},
            opset,
          }),
        ),
      12,
    ),
  );

  it("Flatten gives what the runtime gives", () =>
    everyCase(
      fc.tuple(floats([2, 3, 4]), fc.integer({ min: -3, max: 3 })).map(([x, axis]) => ({
        operator: "Flatten",
        inputs: [x],
        attributes: { axis: int(axis) },
      })),
      10,
    ));

  it.each<[string, Record<string, Attribute>]>([
    ["DepthToSpace", { mode: text("DCR") }],
    ["DepthToSpace", { mode: text("CRD") }],
    ["SpaceToDepth", {}],
  ])("%s %o gives what the runtime gives", (operator, attributes) =>
    everyCase(
      floats([2, 8, 4, 6]).map((x) => ({
        operator,
        inputs: [x],
        attributes: { ...attributes, blocksize: int(2) },
      })),
      3,
    ),
  );
});

describe("Picking by index", () => {
  it("Gather gives what the runtime gives", () =>
    everyCase(
      fc.tuple(filled, shapes({ ranks: [0, 2] })).chain(([shape, picks]) =>
        anyAxis(shape.length).chain((axis) => {
          const length = shape.at(axis) ?? 1;
          return fc
            .tuple(floats(shape), integers(picks, { low: -length, high: length - 1 }))
            .map((inputs) => ({ operator: "Gather", inputs, attributes: { axis: int(axis) } }));
        }),
      ),
    ));

  it("GatherElements and ScatterElements give what the runtime gives", () =>
    everyCase(
      filled
        .chain((shape) =>
          fc.tuple(
            fc.constant(shape),
            anyAxis(shape.length),
            fc.constantFrom("GatherElements", "ScatterElements"),
            fc.constantFrom("add", "mul", "max", "min"),
          ),
        )
        .chain(([shape, axis, operator, reduction]) => {
          const length = shape.at(axis) ?? 1;
          const isScatter = operator === "ScatterElements";
          return fc
            .tuple(
              floats(shape),
              integers(shape, { low: -length, high: length - 1 }),
              ...(isScatter ? [floats(shape)] : []),
            )
            .map(
              (inputs): NodeCase => ({
                operator,
                inputs,
                attributes: {
                  axis: int(axis),
                  ...(isScatter ? { reduction: text(reduction) } : {}),
                },
              }),
            );
        }),
      40,
    ));

  it("GatherND and ScatterND give what the runtime gives", () =>
    everyCase(
      fc
        .tuple(
          floats([3, 2, 2]),
          fc.integer({ min: 1, max: 2 }),
          fc.constantFrom("GatherND", "ScatterND"),
          fc.constantFrom("add", "mul", "max", "min"),
        )
        .chain(([x, depth, operator, reduction]) =>
          fc
            .tuple(integers([2, depth], { low: -2, high: 1 }), floats([2, ...x.shape.slice(depth)]))
            .map(
              ([indices, updates]): NodeCase => ({
                operator,
                inputs: operator === "GatherND" ? [x, indices] : [x, indices, updates],
                attributes: operator === "GatherND" ? {} : { reduction: text(reduction) },
              }),
            ),
        ),
    ));

  it("TopK gives what the runtime gives", () =>
    everyCase(
      shapes({ ranks: [1, 3] })
        .map((shape) => shape.map((length) => length + 2))
        .chain((shape) =>
          fc.tuple(
            floats(shape, { low: -1, high: 1 }),
            anyAxis(shape.length),
            fc.integer({ min: 1, max: 3 }),
            fc.nat(1),
          ),
        )
        .map(([x, axis, k, largest]) => ({
          operator: "TopK",
          inputs: [x, fixed([k])],
          constants: [1],
          outputs: 2,
          attributes: { axis: int(axis), largest: int(largest) },
        })),
    ));
});
