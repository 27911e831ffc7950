import fc from "fast-check";
import { describe, it } from "vitest";
import { float, int, text } from "../../../src/onnx/index.ts";
import { everyCase, floats, integers, shapes } from "./node-case.ts";

const batches = shapes({ ranks: [1, 3] }).map((size) => [2, 4, ...size]);

describe("Normalisations", () => {
  it.each([0, 1])("BatchNormalization gives what the runtime gives (training %i)", (training) =>
    everyCase(
      batches
        .chain((shape) =>
          fc.tuple(
            floats(shape),
            floats([4]),
            floats([4]),
            floats([4]),
            floats([4], { low: 1, high: 3 }),
          ),
        )
        .map((inputs) => ({
          operator: "BatchNormalization",
          inputs,
          outputs: training ? 3 : 1,
          attributes: { training_mode: int(training), epsilon: float(0.01), momentum: float(0.75) },
          tolerance: 1e-4,
        })),
    ),
  );

  it("InstanceNormalization gives what the runtime gives", () =>
    everyCase(
      batches
        .chain((shape) => fc.tuple(floats(shape), floats([4]), floats([4])))
        .map((inputs) => ({
          operator: "InstanceNormalization",
          inputs,
          attributes: { epsilon: float(0.01) },
          tolerance: 1e-4,
        })),
    ));

  it("GroupNormalization gives what the runtime gives", () =>
    everyCase(
      fc
        .tuple(batches, fc.constantFrom(1, 2, 4))
        .chain(([shape, groups]) =>
          fc.tuple(floats(shape), floats([4]), floats([4]), fc.constant(groups)),
        )
        .map(([x, scale, bias, groups]) => ({
          operator: "GroupNormalization",
          inputs: [x, scale, bias],
          attributes: { num_groups: int(groups), epsilon: float(0.01) },
          opset: 21,
          tolerance: 1e-4,
        })),
    ));

  it("LayerNormalization gives what the runtime gives, with mean and deviation", () =>
    everyCase(
      shapes({ ranks: [1, 4] })
        .chain((shape) =>
          fc
            .integer({ min: 0, max: shape.length - 1 })
            .chain((axis) =>
              fc.tuple(
                floats(shape),
                floats(shape.slice(axis)),
                floats(shape.slice(axis)),
                fc.constant(axis),
              ),
            ),
        )
        .map(([x, scale, bias, axis]) => ({
          operator: "LayerNormalization",
          inputs: [x, scale, bias],
          outputs: 3,
          attributes: { axis: int(axis), epsilon: float(0.01) },
          tolerance: 1e-4,
        })),
    ));

  it("LRN gives what the runtime gives", () =>
    everyCase(
      fc.tuple(floats([2, 5, 2, 2]), fc.constantFrom(1, 3, 5)).map(([x, size]) => ({
        operator: "LRN",
        inputs: [x],
        attributes: { size: int(size), alpha: float(0.5), beta: float(0.75), bias: float(2) },
      })),
    ));

  it("LpNormalization gives what the runtime gives", () =>
    everyCase(
      fc
        .tuple(floats([2, 3, 4]), fc.integer({ min: -3, max: 2 }), fc.constantFrom(1, 2))
        .map(([x, axis, p]) => ({
          operator: "LpNormalization",
          inputs: [x],
          attributes: { axis: int(axis), p: int(p) },
        })),
    ));
});

describe("Losses", () => {
  it.each(["NegativeLogLikelihoodLoss", "SoftmaxCrossEntropyLoss"])(
    "%s gives what the runtime gives",
    (operator) =>
      everyCase(
        shapes({ ranks: [0, 2] })
          .chain((size) =>
            fc.tuple(
              floats([3, 4, ...size]),
              integers([3, ...size], { low: 0, high: 3 }),
              floats([4], { low: 1, high: 2 }),
              fc.boolean(),
              fc.constantFrom("mean", "sum", "none"),
              fc.option(fc.integer({ min: 0, max: 3 })),
            ),
          )
          // The mean over no label at all is undefined.
          .filter(([, labels, , , , ignored]) =>
            (labels.data as Float64Array).some((label) => label !== ignored),
          )
          .map(([scores, labels, weights, weighs, reduction, ignored]) => ({
            operator,
            inputs: weighs ? [scores, labels, weights] : [scores, labels],
            attributes: {
              reduction: text(reduction),
              ...(ignored === null ? {} : { ignore_index: int(ignored) }),
            },
          })),
        40,
      ),
  );
});
