// Gradients of whole networks by all of their parameters, against PyTorch's (expected/make-networks.py).

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openSession } from "#session";
import {
  algebraOf,
  decodeModel,
  differentiate,
  encodeModel,
  foldConstants,
  type OnnxTensor,
  openGraph,
  upgradeModel,
} from "../../../src/onnx/index.ts";
import { countOf } from "./gradient-case.ts";

/** Largest difference from PyTorch's gradient in float64, relative to the gradient's norm or largest element. */
const TOLERANCE = 1e-4;

interface Expected {
  readonly input: readonly number[];
  readonly output: readonly number[];
  readonly loss: number;
  readonly tensors: readonly Parameter[];
  readonly gradients: Readonly<Record<string, Gradient>>;
}

interface Parameter {
  readonly name: string;
  readonly key: number;
  readonly shape: readonly number[];
  readonly centre: number;
  readonly half: number;
}

interface Gradient {
  readonly norm: number;
  readonly largest: number;
  readonly at: readonly number[];
  readonly samples: readonly number[];
  readonly projections: readonly number[];
}

describe("The gradients by every parameter of", () => {
  it.each([
    "resnet18",
    "densenet-block",
    "unet-2d",
    "unet-3d",
    "vision-transformer",
    "detector",
    "sequence",
  ])("%s are PyTorch's", async (name) => {
    const folder = new URL("expected/networks/", import.meta.url);
    const expected: Expected = JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8"));
    const bytes = readFileSync(new URL(`${name}.onnx`, folder));
    const found = await gradientsOf(bytes, expected);
    expect(Math.abs(found.loss / expected.loss - 1)).toBeLessThan(TOLERANCE);
    const all = Object.values(expected.gradients);
    const worst = Object.entries(expected.gradients).map(([parameter, gradient]) => ({
      parameter,
      difference: differenceOf(found.gradients[parameter], gradient, all),
    }));
    expect(worst.filter(({ difference }) => !(difference < TOLERANCE))).toEqual([]);
  });
});

/** Loss and gradients by ONNX Runtime. */
async function gradientsOf(bytes: Uint8Array, { input, output, tensors, gradients }: Expected) {
  const graph = openGraph(foldConstants(upgradeModel(decodeModel(bytes))));
  const m = algebraOf(graph);
  const [y] = graph.build().graph.outputs;
  const weights = graph.input({ name: "weights", type: "float32", shape: output });
  const loss = m.sum(m.mul(y.name, weights));
  const by = Object.keys(gradients);
  const derived = differentiate(graph, { of: loss, by });
  graph.output({ name: "loss" }, loss);
  for (const name of by) graph.output({ name: `d ${name}` }, derived[name]);
  const session = await openSession(encodeModel(graph.build()));
  const given = tensors.map(({ name, shape, key, centre, half }) => [
    name,
    uniformTensor(shape, key, { centre, half }),
  ]);
  const feeds = {
    ...Object.fromEntries(given),
    x: uniformTensor(input, 1000),
    weights: uniformTensor(output, 2000),
  };
  const used = Object.entries(feeds).filter(([name]) => session.inputNames.includes(name));
  const results = await session.run(Object.fromEntries(used) as Record<string, OnnxTensor>);
  await session.close();
  const found = by.map((name) => [name, results[`d ${name}`].data as Float32Array]);
  return {
    loss: Number(results.loss.data[0]),
    gradients: Object.fromEntries(found) as Record<string, Float32Array>,
  };
}

/** The largest relative difference among the samples and projections of a gradient. */
function differenceOf(found: Float32Array, expected: Gradient, all: readonly Gradient[]): number {
  // The bias of a convolution before a normalisation has none but rounding: it is held to what is usual elsewhere.
  const isNothing = expected.largest < 1e-9;
  const [largest, norm] = (["largest", "norm"] as const).map((key) =>
    isNothing ? Math.max(...all.map((one) => one[key])) : expected[key],
  );
  const samples = expected.at.map(
    (at, index) => Math.abs(found[at] - expected.samples[index]) / largest,
  );
  const projections = expected.projections.map((value, key) => {
    const direction = uniform(found.length, 3000 + key);
    const projection = found.reduce((sum, one, at) => sum + one * direction[at], 0);
    return Math.abs(projection - value) / norm;
  });
  return Math.max(...samples, ...projections);
}

/** Pseudo-random numbers in [-1, 1), as the script makes them: the fraction of a fast sine. */
function uniform(count: number, key: number): Float64Array {
  return new Float64Array(count).map((_, at) => {
    const wave = Math.sin(at * 12.9898 + key * 78.233) * 43758.5453;
    return 2 * (wave - Math.floor(wave)) - 1;
  });
}

function uniformTensor(
  shape: readonly number[],
  key: number,
  { centre = 0, half = 1 }: { centre?: number; half?: number } = {},
): OnnxTensor {
  const data = Float32Array.from(uniform(countOf(shape), key), (one) => centre + half * one);
  return { type: "float32", shape, data };
}
