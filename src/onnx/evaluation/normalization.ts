// Evaluation of normalisations and Dropout.

import { elementCount } from "../../base/index.ts";
import { axisAttribute } from "../shapes/arguments.ts";
import type { Numbers } from "./plain-tensor.ts";
import { expanded, mapLines, numbers, reduceLines, reshaped } from "./positions.ts";
import { meanOf } from "./reduction.ts";
import type { EvaluationRule, EvaluationRules } from "./rule.ts";

/** Mean squared distance from the mean. */
function varianceOf(line: Float64Array): number {
  const mean = meanOf(line);
  return meanOf(line.map((x) => (x - mean) ** 2));
}

function standardized(line: Float64Array, epsilon: number): Float64Array {
  const [mean, deviation] = [meanOf(line), Math.sqrt(varianceOf(line) + epsilon)];
  return line.map((x) => (x - mean) / deviation);
}

/** x · scale + bias, with one of each a channel. */
function affine(x: Numbers, scale: Numbers, bias: Numbers): Numbers {
  const size = elementCount(x.shape.slice(2));
  const channelOf = (at: number) => Math.floor(at / size) % x.shape[1];
  const data = x.data.map(
    (value, at) => value * scale.data[channelOf(at)] + bias.data[channelOf(at)],
  );
  return { ...x, data };
}

/** BatchNormalization: with the running statistics, or in training with the batch's, which move the running ones. */
const batch: EvaluationRule = (node) => {
  const [x, scale, bias, mean, variance] = [0, 1, 2, 3, 4].map((index) => node.input(index));
  const [epsilon, momentum] = [node.float("epsilon", 1e-5), node.float("momentum", 0.9)];
  const isTraining = node.int("training_mode", 0) === 1;
  const axes = x.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
  const [center, spread] = isTraining
    ? [reduceLines(x, axes, meanOf), reduceLines(x, axes, varianceOf)]
    : [mean.data, variance.data];
  const perChannel = (data: Float64Array): Numbers => ({ ...mean, data });
  const factor = spread.map((v, channel) => scale.data[channel] / Math.sqrt(v + epsilon));
  const shift = center.map((m, channel) => bias.data[channel] - m * factor[channel]);
  const y = affine(x, perChannel(factor), perChannel(shift));
  if (!isTraining) return [y];
  const moved = (running: Numbers, now: Float64Array): Numbers => ({
    ...running,
    data: running.data.map((old, at) => old * momentum + now[at] * (1 - momentum)),
  });
  return [y, moved(mean, center), moved(variance, spread)];
};

/** InstanceNormalization: each plane has mean 0 and variance 1. */
const instance: EvaluationRule = (node) => {
  const x = node.input(0);
  const epsilon = node.float("epsilon", 1e-5);
  const axes = x.shape.map((_, axis) => axis).slice(2);
  const y = mapLines(x, axes, (line) => standardized(line, epsilon));
  return [affine(y, node.input(1), node.input(2))];
};

/** GroupNormalization: each group of channels; scale and bias are one a channel since opset 21, before one a group. */
const group: EvaluationRule = (node) => {
  const x = node.input(0);
  const [batchSize, channels] = x.shape;
  const groups = node.int("num_groups", 1);
  const epsilon = node.float("epsilon", 1e-5);
  const grouped = reshaped(x, [batchSize, groups, x.data.length / (batchSize * groups)]);
  const y = reshaped(
    mapLines(grouped, [2], (line) => standardized(line, epsilon)),
    x.shape,
  );
  const perChannel = (values: Numbers): Numbers => {
    const repeat = channels / values.data.length;
    const data = Float64Array.from(
      { length: channels },
      (_, at) => values.data[Math.floor(at / repeat)],
    );
    return numbers([channels], data, values.type);
  };
  return [affine(y, perChannel(node.input(1)), perChannel(node.input(2)))];
};

/** LayerNormalization: over the axes from `axis` on; also the mean and 1/deviation of each. */
const layer: EvaluationRule = (node) => {
  const x = node.input(0);
  const epsilon = node.float("epsilon", 1e-5);
  const axes = x.shape.map((_, axis) => axis).slice(axisAttribute(node, x.shape.length, -1));
  const y = mapLines(x, axes, (line) => standardized(line, epsilon));
  const scale = expanded(node.input(1), x.shape).data;
  const bias = node.optional(2);
  const added = bias && expanded(bias, x.shape).data;
  const inverse = (line: Float64Array) => 1 / Math.sqrt(varianceOf(line) + epsilon);
  const statistics = (reduce: (line: Float64Array) => number) =>
    numbers(node.outputShape(1), reduceLines(x, axes, reduce), node.outputType(1));
  return [
    { ...y, data: y.data.map((value, at) => value * scale[at] + (added ? added[at] : 0)) },
    statistics(meanOf),
    statistics(inverse),
  ];
};

/** RMSNormalization: x / √(mean x² + ε) (Zhang, Sennrich 2019). */
const rootMeanSquare: EvaluationRule = (node) => {
  const x = node.input(0);
  const epsilon = node.float("epsilon", 1e-5);
  const axes = x.shape.map((_, axis) => axis).slice(axisAttribute(node, x.shape.length, -1));
  const y = mapLines(x, axes, (line) => {
    const root = Math.sqrt(meanOf(line.map((value) => value * value)) + epsilon);
    return line.map((value) => value / root);
  });
  const scale = expanded(node.input(1), x.shape).data;
  return [{ ...y, data: y.data.map((value, at) => value * scale[at]) }];
};

/** LRN: x / (bias + α/size · Σ of squares over neighbouring channels)^β. */
const localResponse: EvaluationRule = (node) => {
  const x = node.input(0);
  const size = node.int("size", 1);
  const [alpha, beta, bias] = [
    node.float("alpha", 1e-4),
    node.float("beta", 0.75),
    node.float("bias", 1),
  ];
  const [back, ahead] = [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)];
  const y = mapLines(x, [1], (line) =>
    line.map((value, at) => {
      const near = line.subarray(Math.max(0, at - back), at + ahead + 1);
      const squares = near.reduce((sum, one) => sum + one * one, 0);
      return value / (bias + (alpha / size) * squares) ** beta;
    }),
  );
  return [y];
};

/** MeanVarianceNormalization: by default over batch and size; 1e-9 is added to the deviation (ONNX, its function body). */
const meanVariance: EvaluationRule = (node) => {
  const x = node.input(0);
  const y = mapLines(x, node.ints("axes") ?? [0, 2, 3], (line) => {
    const [mean, deviation] = [meanOf(line), Math.sqrt(varianceOf(line)) + 1e-9];
    return line.map((value) => (value - mean) / deviation);
  });
  return [y];
};

/** LpNormalization: each line divided by its norm; one of zeros stays. */
const lpNormalization: EvaluationRule = (node) => {
  const x = node.input(0);
  const p = node.int("p", 2);
  const y = mapLines(x, [axisAttribute(node, x.shape.length, -1)], (line) => {
    const norm = line.reduce((sum, value) => sum + Math.abs(value) ** p, 0) ** (1 / p);
    return norm === 0 ? line : line.map((value) => value / norm);
  });
  return [y];
};

/** Dropout: nothing is dropped outside training; what training drops is chance, which an evaluation has none of. */
const dropout: EvaluationRule = (node) => {
  const x = node.input(0);
  const isTraining = Boolean(node.optional(2)?.data[0]);
  const ratio = node.optional(1)?.data[0] ?? node.float("ratio", 0.5);
  if (isTraining && ratio > 0) node.fail("no training, since what is dropped is random");
  return [x, numbers(x.shape, new Float64Array(x.data.length).fill(1), node.outputType(1))];
};

/** Rules by operator. */
export const normalizationRules: EvaluationRules = {
  BatchNormalization: batch,
  InstanceNormalization: instance,
  GroupNormalization: group,
  LayerNormalization: layer,
  RMSNormalization: rootMeanSquare,
  LRN: localResponse,
  MeanVarianceNormalization: meanVariance,
  LpNormalization: lpNormalization,
  Dropout: dropout,
};
