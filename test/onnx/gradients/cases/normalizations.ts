// Cases of normalisations, softmax, reductions and losses.

import { float, int, ints, text } from "../../../../src/onnx/index.ts";
import {
  booleans,
  countOf,
  type GradientCase,
  integers,
  lengths,
  numbers,
  type Pick,
} from "../gradient-case.ts";

const epsilon = () => float(1e-2);

const spatial = (pick: Pick) => pick.ints(pick.int(1, 3), 1, 3);

const batchNormalization = (of: string, isTraining: boolean): GradientCase => ({
  operator: "BatchNormalization",
  of,
  draw: (pick) => {
    const [batch, channels] = pick.ints(2, 1, 3);
    const vector = (low: number, high: number) =>
      (isTraining ? pick.fixed : pick.variable)([channels], { low, high });
    return {
      inputs: [
        pick.variable([batch, channels, ...pick.ints(pick.int(0, 3), 2, 3)]),
        pick.variable([channels]),
        pick.variable([channels]),
        vector(-1, 1),
        vector(0.5, 2),
      ],
      attributes: { epsilon: epsilon(), training_mode: int(isTraining ? 1 : 0) },
      outputs: isTraining ? 3 : 1,
    };
  },
});

const layer = (operator: string, opset: number): GradientCase => ({
  operator,
  opset,
  draw: (pick) => {
    const shape = [...pick.ints(pick.int(0, 2), 1, 3), pick.int(2, 4)];
    const at = pick.int(0, shape.length - 1);
    const parameters = shape.slice(at);
    const bias =
      operator === "LayerNormalization" && pick.of(true, false) ? [pick.variable(parameters)] : [];
    return {
      inputs: [pick.variable(shape), pick.variable(parameters), ...bias],
      attributes: { axis: int(pick.of(at, at - shape.length)), epsilon: epsilon() },
    };
  },
});

const normalizations: GradientCase[] = [
  batchNormalization("in training", true),
  batchNormalization("in inference", false),
  layer("LayerNormalization", 18),
  layer("RMSNormalization", 23),
  {
    operator: "InstanceNormalization",
    draw: (pick) => {
      const [batch, channels] = pick.ints(2, 1, 3);
      return {
        inputs: [
          pick.variable([batch, channels, ...spatial(pick)]),
          pick.variable([channels]),
          pick.variable([channels]),
        ],
        attributes: { epsilon: epsilon() },
      };
    },
  },
  ...[18, 21].map(
    (opset): GradientCase => ({
      operator: "GroupNormalization",
      of: `of opset ${opset}`,
      opset,
      draw: (pick) => {
        const [batch, groups, perGroup] = pick.ints(3, 1, 3);
        const entries = opset < 21 ? groups : groups * perGroup;
        return {
          inputs: [
            pick.variable([batch, groups * perGroup, ...spatial(pick)]),
            pick.variable([entries]),
            pick.variable([entries]),
          ],
          attributes: { num_groups: int(groups), epsilon: epsilon() },
        };
      },
    }),
  ),
  {
    operator: "MeanVarianceNormalization",
    draw: (pick) => ({
      inputs: [pick.variable([...pick.ints(2, 2, 3), ...pick.ints(2, 2, 3)])],
      attributes: { axes: ints(pick.of([0, 2, 3], [0, 2], [1, 2, 3])) },
    }),
  },
  {
    operator: "LRN",
    draw: (pick) => ({
      inputs: [pick.variable([...pick.ints(2, 1, 5), ...pick.ints(2, 1, 2)])],
      attributes: {
        size: int(pick.of(1, 3, 5)),
        alpha: float(0.3),
        beta: float(0.75),
        bias: float(1.5),
      },
    }),
  },
  ...["Softmax", "LogSoftmax", "LpNormalization"].map(
    (operator): GradientCase => ({
      operator,
      draw: (pick) => {
        const shape = pick.ints(pick.int(1, 4), 1, 4);
        const axis = int(pick.int(-shape.length, shape.length - 1));
        return {
          inputs: [pick.variable(shape)],
          attributes: {
            axis,
            ...(operator === "LpNormalization" ? { p: int(pick.int(1, 2)) } : {}),
          },
        };
      },
    }),
  ),
];

const reductions: GradientCase[] = [
  "ReduceSum",
  "ReduceMean",
  "ReduceMax",
  "ReduceMin",
  "ReduceProd",
  "ReduceL1",
  "ReduceL2",
  "ReduceSumSquare",
  "ReduceLogSum",
  "ReduceLogSumExp",
].map((operator) => ({
  operator,
  draw: (pick) => {
    const shape = pick.ints(pick.int(1, 4), 1, 3);
    const axes = pick.distinct(pick.int(1, shape.length), shape.length);
    const given = axes.map((axis) => pick.of(axis, axis - shape.length));
    const limits = operator === "ReduceLogSum" ? { low: 0.2, high: 2 } : {};
    return {
      inputs: [pick.variable(shape, limits), pick.of(undefined, lengths(given))].filter(Boolean),
      attributes: { keepdims: int(pick.int(0, 1)) },
    };
  },
}));

const special: GradientCase[] = [
  {
    operator: "ReduceProd",
    of: "of zeros",
    draw: (pick) => ({
      inputs: [
        numbers([2, 3], [0, 2, 3, pick.of(0, 1), pick.of(0, 4), 5], "variable"),
        lengths([1]),
      ],
    }),
  },
  {
    operator: "ReduceSum",
    of: "over no axes",
    draw: (pick) => ({
      inputs: [pick.variable([2, 3])],
      attributes: { noop_with_empty_axes: int(pick.int(0, 1)) },
    }),
  },
  {
    operator: "CumSum",
    draw: (pick) => {
      const shape = pick.ints(pick.int(1, 3), 1, 4);
      return {
        inputs: [
          pick.variable(shape),
          integers([], [pick.int(-shape.length, shape.length - 1)], "constant"),
        ],
        attributes: { exclusive: int(pick.int(0, 1)), reverse: int(pick.int(0, 1)) },
      };
    },
  },
  {
    operator: "Dropout",
    of: "outside training",
    draw: (pick) => ({
      inputs: [
        pick.variable(pick.ints(2, 1, 3)),
        numbers([], [0.3], "constant"),
        booleans([], [false], pick.of("constant", "fixed")),
      ],
    }),
  },
];

const loss = (operator: string): GradientCase => ({
  operator,
  draw: (pick) => {
    const classes = pick.int(2, 4);
    const size = pick.ints(pick.int(0, 2), 1, 3);
    const batch = pick.int(1, 3);
    const ignored = pick.of(undefined, 0, -1);
    const count = countOf([batch, ...size]);
    // At least one label counts.
    const labels = Array.from({ length: count }, (_, at) =>
      at > 0 && ignored !== undefined && pick.of(true, false) ? ignored : pick.int(1, classes - 1),
    );
    const weights = pick.of(undefined, pick.fixed([classes], { low: 0.5, high: 2 }));
    const isSoftmax = operator === "SoftmaxCrossEntropyLoss";
    return {
      inputs: [
        pick.variable([batch, classes, ...size]),
        integers([batch, ...size], labels, "fixed"),
        ...(weights ? [weights] : []),
      ],
      attributes: {
        reduction: text(pick.of("none", "sum", "mean")),
        ...(ignored === undefined ? {} : { ignore_index: int(ignored) }),
      },
      outputs: isSoftmax ? 2 : 1,
      uses: isSoftmax ? pick.of([0], [0, 1], [1]) : [0],
    };
  },
});

export const normalizationCases: GradientCase[] = [
  ...normalizations,
  ...reductions,
  ...special,
  loss("SoftmaxCrossEntropyLoss"),
  loss("NegativeLogLikelihoodLoss"),
];
