// The axes along which frames of an object without planes follow each other: cine (PS3.3 C.7.6.5) and the vectors
// of nuclear medicine (C.8.4.8).

import type { ChannelAxis } from "../../../base/index.ts";
import type { DataSet } from "../data-set/data-set.ts";
import { number, numbers } from "../data-set/values.ts";

export interface FrameAxes {
  /** Slowest first; empty for one frame. */
  readonly axes: readonly ChannelAxis[];
  /** Of each frame, its index along all axes taken together. */
  readonly places: readonly number[];
}

/** Vectors by their tag, as Frame Increment Pointer (0028,0009) names them. */
const VECTORS: Readonly<Record<number, string>> = {
  5505040: "energy window",
  5505056: "detector",
  5505072: "phase",
  5505104: "rotation",
  5505120: "R-R interval",
  5505136: "time slot",
  5505152: "slice",
  5505168: "angular view",
  5505280: "time slice",
};

export function frameAxes(dataSet: DataSet, frames: number): FrameAxes {
  const inOrder = Array.from({ length: frames }, (_, frame) => frame);
  if (frames === 1) return { axes: [], places: inOrder };
  return vectorAxes(dataSet, frames) ?? { axes: [cineAxis(dataSet, frames)], places: inOrder };
}

/** One axis for each vector that varies, if frames fill their grid. */
function vectorAxes(dataSet: DataSet, frames: number): FrameAxes | undefined {
  const vectors = numbers(dataSet, "FrameIncrementPointer")
    .filter((tag) => VECTORS[tag] !== undefined)
    .map((tag) => ({ name: VECTORS[tag], values: numbers(dataSet, tag) }))
    .filter(({ values }) => new Set(values).size > 1);
  if (vectors.length === 0 || vectors.some(({ values }) => values.length !== frames)) return;
  const levels = vectors.map(({ values }) => [...new Set(values)].sort((a, b) => a - b));
  const places = Array.from({ length: frames }, (_, frame) =>
    vectors.reduce(
      (place, { values }, at) => place * levels[at].length + levels[at].indexOf(values[frame]),
      0,
    ),
  );
  const fills = new Set(places).size === frames && Math.max(...places) === frames - 1;
  if (!fills) return undefined;
  return { axes: vectors.map(({ name }, at) => ({ name, size: levels[at].length })), places };
}

/** Times from Frame Time (0018,1063) or its vector (0018,1065), in ms, or the rate at which frames were taken. */
function cineAxis(dataSet: DataSet, frames: number): ChannelAxis {
  const steps = numbers(dataSet, "FrameTimeVector");
  if (steps.length === frames && steps.every((step) => Number.isFinite(step) && step >= 0)) {
    let at = -steps[0];
    return timeAxis(
      frames,
      steps.map((step) => {
        at += step;
        return at / 1000;
      }),
    );
  }
  const rate = number(dataSet, "CineRate");
  const stepMs = number(dataSet, "FrameTime") ?? (rate ? 1000 / rate : undefined);
  if (!stepMs || !(stepMs > 0)) return { name: "frame", size: frames };
  return timeAxis(
    frames,
    Array.from({ length: frames }, (_, frame) => (frame * stepMs) / 1000),
  );
}

function timeAxis(size: number, values: readonly number[]): ChannelAxis {
  return { name: "time", size, values, unit: "s" };
}
