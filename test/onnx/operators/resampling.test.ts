import fc from "fast-check";
import { describe, it } from "vitest";
import { type Attribute, float, int, text } from "../../../src/onnx/index.ts";
import { everyCase, fixed, floats, type NodeCase, numbersOf } from "./node-case.ts";

const sizes = fc.array(fc.integer({ min: 2, max: 5 }), { minLength: 2, maxLength: 2 });

function resized(mode: string, options: Record<string, fc.Arbitrary<Attribute>>, modes: string[]) {
  return fc
    .tuple(sizes, sizes, fc.constantFrom(...modes), fc.record(options), fc.boolean())
    .chain(([from, to, coordinates, attributes, byScale]) =>
      floats([1, 2, ...from]).map((x): NodeCase => {
        // Scales that float32 holds exactly, so that both sides see the same number; none that leaves a length as it
        // is without being 1, since the runtime then copies the input, unlike the definition.
        const scales = to.map((length, axis) => {
          const scale = Math.round((4 * length) / from[axis]) / 4 || 0.5;
          return Math.floor(scale * from[axis]) === from[axis] ? 1 : scale;
        });
        return {
          operator: "Resize",
          inputs: byScale
            ? [x, undefined, fixed([1, 1, ...scales], "float32")]
            : [x, undefined, undefined, fixed([1, 2, ...to])],
          constants: [2, 3],
          attributes: {
            ...attributes,
            mode: text(mode),
            coordinate_transformation_mode: text(coordinates),
          },
          opset: 19,
          tolerance: 1e-4,
        };
      }),
    );
}

const coordinates = ["half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"];

describe("Resize", () => {
  it("to the nearest gives what the runtime gives", () =>
    everyCase(
      resized(
        "nearest",
        {
          nearest_mode: fc
            .constantFrom("round_prefer_floor", "round_prefer_ceil", "floor", "ceil")
            .map(text),
        },
        // With others a sample may fall between two elements in float64 and beside it in float32.
        ["asymmetric"],
      ),
      40,
    ));

  it("linear gives what the runtime gives", () =>
    everyCase(resized("linear", {}, coordinates), 50));

  it("cubic gives what the runtime gives", () =>
    everyCase(
      resized(
        "cubic",
        {
          cubic_coeff_a: fc.constantFrom(-0.75, -0.5).map(float),
          exclude_outside: fc.nat(1).map(int),
        },
        coordinates,
      ),
      50,
    ));

  it.each(["linear", "cubic"])("%s without aliasing gives what the runtime gives", (mode) =>
    everyCase(
      resized(mode, { antialias: fc.constant(int(1)), cubic_coeff_a: fc.constant(float(-0.5)) }, [
        "half_pixel",
      ]),
      40,
    ),
  );

  it("crops to a region as the runtime does", () =>
    everyCase(
      floats([1, 1, 4, 4]).map((x) => ({
        operator: "Resize",
        inputs: [
          x,
          fixed([0, 0, 0.25, -0.5, 1, 1, 0.75, 1], "float32"),
          undefined,
          fixed([1, 1, 3, 3]),
        ],
        constants: [1, 3],
        attributes: {
          mode: text("linear"),
          coordinate_transformation_mode: text("tf_crop_and_resize"),
          extrapolation_value: float(7),
        },
        opset: 19,
      })),
      5,
    ));

  it("keeps the aspect ratio as the runtime does", () =>
    everyCase(
      fc.tuple(floats([1, 1, 4, 6]), fc.constantFrom("not_larger", "not_smaller")).map(
        ([x, policy]): NodeCase => ({
          operator: "Resize",
          inputs: [x, undefined, undefined, fixed([7, 8])],
          constants: [3],
          attributes: {
            mode: text("linear"),
            axes: { kind: "ints", value: [2, 3] },
            keep_aspect_ratio_policy: text(policy),
          },
          opset: 19,
        }),
      ),
      6,
    ));

  it("in its oldest form gives what the runtime gives", () =>
    everyCase(
      fc.tuple(floats([1, 1, 3, 4]), fc.constantFrom("nearest", "linear")).map(
        ([x, mode]): NodeCase => ({
          operator: "Upsample",
          inputs: [x, fixed([1, 1, 2, 3], "float32")],
          constants: [1],
          attributes: { mode: text(mode) },
          opset: 9,
        }),
      ),
      6,
    ));
});

describe("GridSample", () => {
  it.each<[string, number[]]>([
    ["linear", [3, 4]],
    ["nearest", [3, 4]],
    ["cubic", [3, 4]],
    ["linear", [2, 3, 4]],
    ["nearest", [2, 3, 4]],
  ])("%s on %j gives what the runtime gives", (mode, size) =>
    everyCase(
      fc
        .tuple(
          floats([2, 2, ...size]),
          numbersOf(
            "float32",
            [2, ...size.map(() => 2), size.length],
            // No sample lies half way between two elements, where rounding decides.
            fc.integer({ min: -150, max: 150 }).map((n) => Math.fround(n / 101)),
          ),
          fc.nat(1),
          fc.constantFrom("zeros", "border", "reflection"),
        )
        .map(([x, grid, aligned, padding]) => ({
          operator: "GridSample",
          inputs: [x, grid],
          attributes: {
            mode: text(mode),
            align_corners: int(aligned),
            padding_mode: text(padding),
          },
          opset: 20,
          tolerance: 1e-4,
        })),
      40,
    ),
  );

  it.each([2, 3])("takes the grid of an affine map in %i dimensions", (rank) =>
    everyCase(
      fc.tuple(floats([2, rank, rank + 1]), fc.nat(1)).map(([theta, aligned]) => ({
        operator: "AffineGrid",
        inputs: [theta, fixed([2, 1, 3, 2, 4].slice(0, rank + 2))],
        constants: [1],
        attributes: { align_corners: int(aligned) },
        opset: 20,
      })),
      6,
    ),
  );
});
