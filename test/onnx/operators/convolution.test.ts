import fc from "fast-check";
import { describe, it } from "vitest";
import { type Attribute, int, ints, text } from "../../../src/onnx/index.ts";
import { everyCase, fixed, floats, type NodeCase } from "./node-case.ts";

const each = (rank: number, low: number, high: number) =>
  fc.array(fc.integer({ min: low, max: high }), { minLength: rank, maxLength: rank });

/** Window attributes for 1 to 3 spatial axes. */
function windows({ withDilations = true, kernelLow = 1 } = {}) {
  return fc.integer({ min: 1, max: 3 }).chain((rank) =>
    fc.record({
      size: each(rank, 6, rank === 3 ? 6 : 8),
      kernel: each(rank, kernelLow, 3),
      strides: each(rank, 1, 3),
      dilations: withDilations ? each(rank, 1, 2) : fc.constant(new Array<number>(rank).fill(1)),
      pads: each(2 * rank, 0, 1),
      autoPad: fc.constantFrom("NOTSET", "NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"),
    }),
  );
}

type WindowCase = ReturnType<typeof windows> extends fc.Arbitrary<infer One> ? One : never;

function attributesOf({ kernel, strides, dilations, pads, autoPad }: WindowCase) {
  const attributes: Record<string, Attribute> = {
    kernel_shape: ints(kernel),
    strides: ints(strides),
  };
  // ONNX Runtime pads SAME as if there were no dilation.
  attributes.dilations = ints(autoPad.startsWith("SAME") ? dilations.map(() => 1) : dilations);
  if (autoPad === "NOTSET") attributes.pads = ints(pads);
  else attributes.auto_pad = text(autoPad);
  return attributes;
}

describe("Convolutions", () => {
  it("Conv gives what the runtime gives for any group, stride, dilation and padding", () =>
    everyCase(
      fc
        .tuple(windows(), fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 }))
        .chain(([window, group, perGroup]) =>
          fc
            .tuple(
              floats([2, group * perGroup, ...window.size]),
              floats([group * 2, perGroup, ...window.kernel]),
              floats([group * 2]),
              fc.boolean(),
            )
            .map(
              ([x, w, b, hasBias]): NodeCase => ({
                operator: "Conv",
                inputs: hasBias ? [x, w, b] : [x, w],
                attributes: { ...attributesOf(window), group: int(group) },
              }),
            ),
        ),
      50,
    ));

  it("ConvTranspose gives what the runtime gives", () =>
    everyCase(
      fc
        .tuple(windows(), fc.integer({ min: 1, max: 2 }), fc.boolean())
        .filter(([{ autoPad }]) => autoPad === "NOTSET" || autoPad === "VALID")
        .chain(([window, group, hasExtra]) => {
          const size = window.size.map((length) => Math.ceil(length / 2));
          const extra = window.strides.map((stride) => (hasExtra ? stride - 1 : 0));
          return fc
            .tuple(floats([2, group * 2, ...size]), floats([group * 2, 2, ...window.kernel]))
            .map(
              (inputs): NodeCase => ({
                operator: "ConvTranspose",
                inputs,
                attributes: {
                  ...attributesOf(window),
                  group: int(group),
                  output_padding: ints(extra),
                },
              }),
            );
        })
        .filter(({ attributes = {}, inputs }) =>
          leavesSomething(attributes, inputs[0]?.shape ?? []),
        ),
      50,
    ));

  it.each(["NOTSET", "SAME_UPPER", "SAME_LOWER"])(
    "ConvTranspose with an output shape gives what the runtime gives, padded %s",
    (autoPad) =>
      everyCase(
        fc
          .tuple(floats([1, 2, 3, 4]), floats([2, 2, 3, 3]), fc.integer({ min: 0, max: 2 }))
          .map(([x, w, cut]) => ({
            operator: "ConvTranspose",
            inputs: [x, w],
            attributes: {
              strides: ints([2, 2]),
              output_shape: ints([7 - cut, 9 - cut]),
              auto_pad: text(autoPad),
            },
          })),
        8,
      ),
  );
});

/** Whether a transposed convolution gives at least one element an axis. */
function leavesSomething(attributes: Record<string, Attribute>, shape: readonly number[]): boolean {
  const list = (name: string) => {
    const found = attributes[name];
    return found?.kind === "ints" ? Array.from(found.value, Number) : undefined;
  };
  const [kernel = [], strides = [], dilations = []] = ["kernel_shape", "strides", "dilations"].map(
    list,
  );
  const pads = list("pads") ?? kernel.flatMap(() => [0, 0]);
  return kernel.every((length, axis) => {
    const covered = (shape[axis + 2] - 1) * strides[axis] + (length - 1) * dilations[axis] + 1;
    return covered - pads[axis] - pads[axis + kernel.length] > 0;
  });
}

describe("Pools", () => {
  it("MaxPool gives what the runtime gives, with the places of the largest", () =>
    everyCase(
      fc.tuple(windows({ kernelLow: 2 }), fc.boolean()).chain(([window, isCeil]) =>
        floats([2, 2, ...window.size]).map(
          (x): NodeCase => ({
            operator: "MaxPool",
            inputs: [x],
            outputs: 2,
            attributes: { ...attributesOf(window), ceil_mode: int(Number(isCeil)) },
          }),
        ),
      ),
      50,
    ));

  it("AveragePool gives what the runtime gives, counting the padding or not", () =>
    everyCase(
      fc
        .tuple(windows({ kernelLow: 2 }), fc.boolean(), fc.boolean())
        .chain(([window, isCeil, counts]) =>
          floats([2, 2, ...window.size]).map(
            (x): NodeCase => ({
              operator: "AveragePool",
              inputs: [x],
              opset: 22,
              attributes: {
                ...attributesOf(window),
                ceil_mode: int(Number(isCeil)),
                count_include_pad: int(Number(counts)),
              },
            }),
          ),
        ),
      50,
    ));

  it("LpPool gives what the runtime gives", () =>
    everyCase(
      fc.tuple(windows({ kernelLow: 2 }), fc.integer({ min: 1, max: 3 })).chain(([window, p]) =>
        floats([2, 2, ...window.size]).map(
          (x): NodeCase => ({
            operator: "LpPool",
            inputs: [x],
            attributes: { ...attributesOf(window), p: int(p) },
          }),
        ),
      ),
    ));

  it.each(["GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool"])(
    "%s gives what the runtime gives",
    (operator) =>
      everyCase(
        fc
          .integer({ min: 1, max: 3 })
          .chain((rank) => each(rank, 1, 4))
          .chain((size) => floats([2, 3, ...size]))
          .map((x) => ({ operator, inputs: [x] })),
        10,
      ),
  );

  it("MaxUnpool gives what the runtime gives", () =>
    everyCase(
      floats([1, 1, 2, 2]).map((x) => ({
        operator: "MaxUnpool",
        inputs: [x, fixed([1, 3, 8, 15], "int64", [1, 1, 2, 2])],
        attributes: { kernel_shape: ints([2, 2]), strides: ints([2, 2]) },
      })),
      5,
    ));
});
