// Keras's layers that move numbers and leave them as they are: shapes, borders, repetition.

import { type Attribute, text } from "../../onnx/index.ts";
import { imageInput } from "./images.ts";
import type { LayerRule, LayerScope } from "./layer-scope.ts";

/** All axes but the batch as one, in Keras's order: channels vary fastest, for channels-first layers too. */
export const flatten: LayerRule = (scope, input) => {
  const { config, m } = scope;
  const rank = scope.shapeOf(input).length;
  const isFirst = config.text("data_format", "channels_last") === "channels_first" && rank > 2;
  const x = scope.plain(input);
  const last = isFirst ? m.transpose(x, [0, ...range(2, rank), 1]) : x;
  return { term: rank === 1 ? m.reshape(last, [-1, 1]) : m.op("Flatten", [last]), moved: false };
};

export const reshape: LayerRule = (scope, input) => {
  const target = scope.config.integers("target_shape") ?? [];
  const [, ...given] = scope.shapeOf(input);
  const count = given.every((length) => typeof length === "number")
    ? (given as number[]).reduce((product, length) => product * length, 1)
    : undefined;
  const known = target.reduce((product, length) => product * (length === -1 ? 1 : length), 1);
  const lengths = target.map((length) => (length === -1 && count ? count / known : length));
  const fits = count === undefined ? !lengths.includes(-1) : count === product(lengths);
  if (!fits || !lengths.every(Number.isInteger)) {
    throw scope.config.refuse({
      expected: `${count ?? "a known number of"} elements in a sample`,
      found: `target_shape [${target.join(", ")}] for [${given.join(", ")}]`,
    });
  }
  return { term: scope.m.reshapeSamples(scope.plain(input), lengths), moved: false };
};

/** Axes in another order, counted from 1 behind the batch. */
export const permute: LayerRule = (scope, input) => {
  const order = scope.config.integers("dims") ?? [];
  const rank = scope.shapeOf(input).length;
  const isOrder = [...order].sort((a, b) => a - b).join() === range(1, rank).join();
  if (!isOrder) {
    throw scope.config.refuse({ expected: `an order of ${rank - 1} axes`, found: `dims ${order}` });
  }
  return { term: scope.m.transpose(scope.plain(input), [0, ...order]), moved: false };
};

/** [N, features] to [N, n, features]. */
export const repeatVector: LayerRule = (scope, input) => {
  const { m, config } = scope;
  const rows = m.op("Unsqueeze", [scope.plain(input), m.lengths([1])]);
  const term = m.op("Tile", [rows, m.lengths([1, config.count("n"), 1])]);
  return { term, moved: false };
};

export const zeroPadding =
  (rank: number): LayerRule =>
  (scope, input) => {
    const x = imageInput(scope, input);
    const borders = bordersOf(scope, "padding", rank);
    const pads = [
      0,
      0,
      ...borders.map(([before]) => before),
      0,
      0,
      ...borders.map(([, after]) => after),
    ];
    return x.give(scope.m.op("Pad", [x.term, scope.m.lengths(pads)]));
  };

export const cropping =
  (rank: number): LayerRule =>
  (scope, input) => {
    const { m } = scope;
    const x = imageInput(scope, input);
    const borders = bordersOf(scope, "cropping", rank);
    const starts = m.lengths(borders.map(([before]) => before));
    // Beyond the end means to the end.
    const ends = m.lengths(borders.map(([, after]) => (after === 0 ? 2 ** 31 - 1 : -after)));
    const axes = m.lengths(range(2, 2 + rank));
    return x.give(m.op("Slice", [x.term, starts, ends, axes]));
  };

/** Each position so many times, or interpolated between the centres of pixels. */
export const upSampling =
  (rank: number): LayerRule =>
  (scope, input) => {
    const x = imageInput(scope, input);
    const factors = scope.config.lengths("size", rank, 2);
    const scales = Float32Array.from([1, 1, ...factors]);
    const shape = [scales.length];
    const term = scope.m.graph.constant({ type: "float32", shape, data: scales }, "scales");
    return x.give(scope.m.op("Resize", [x.term, "", term], interpolation(scope, "nearest")));
  };

/** To a height and width. */
export const resizing: LayerRule = (scope, input) => {
  const { config, m } = scope;
  const refused = ["crop_to_aspect_ratio", "pad_to_aspect_ratio", "antialias"].find((field) =>
    config.flag(field, false),
  );
  if (refused) throw config.refuse({ expected: `${refused} false`, found: "true" });
  const x = imageInput(scope, input);
  const size = [config.count("height"), config.count("width")];
  if (!x.size.every((length) => typeof length === "number")) {
    throw config.refuse({ expected: "an input of known height and width", found: `[${x.size}]` });
  }
  const scales = [1, 1, ...size.map((to, axis) => scaleTo(to, x.size[axis] as number))];
  const data = Float32Array.from(scales);
  const term = m.graph.constant({ type: "float32", shape: [data.length], data }, "scales");
  return x.give(m.op("Resize", [x.term, "", term], interpolation(scope, "bilinear")));
};

/** A single precision scale that ⌊from · scale⌋ is `to` with: rounded down, it would give one less. */
function scaleTo(to: number, from: number): number {
  const scale = Math.fround(to / from);
  return Math.floor(from * scale) < to ? scale * (1 + 2 ** -22) : scale;
}

function interpolation({ config }: LayerScope, fallback = "nearest"): Record<string, Attribute> {
  const name = config.text("interpolation", fallback);
  if (name === "nearest") {
    return {
      mode: text("nearest"),
      coordinate_transformation_mode: text("asymmetric"),
      nearest_mode: text("floor"),
    };
  }
  if (name === "bilinear") {
    return { mode: text("linear"), coordinate_transformation_mode: text("half_pixel") };
  }
  throw config.refuse({ expected: "interpolation nearest or bilinear", found: name });
}

/** [before, after] of each axis: of pairs, of one number an axis, or of one number for all. */
function bordersOf({ config }: LayerScope, field: string, rank: number): [number, number][] {
  const given = config.value(field) ?? 1;
  const isFlatPair = rank === 1 && isNumbers(given) && given.length === 2;
  const list = isFlatPair ? [given] : Array.isArray(given) ? given : new Array(rank).fill(given);
  const borders = list.map((one: unknown) => (isNumbers(one) ? one : [one, one]));
  const fits =
    borders.length === rank &&
    borders.every(
      (one) => one.length === 2 && one.every((n) => Number.isInteger(n) && Number(n) >= 0),
    );
  if (fits) return borders as [number, number][];
  throw config.refuse({ expected: `${field} for ${rank} axes`, found: JSON.stringify(given) });
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((one) => typeof one === "number");
}

const range = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);

const product = (lengths: readonly number[]) => lengths.reduce((all, length) => all * length, 1);
