// Classifiers in the forms that exporters give them: their last features are found (expected/make-classifiers.py).

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openSession } from "#session";
import {
  adam,
  arraySource,
  categoricalCrossEntropy,
  classificationHead,
  networkFromModel,
  replaceHead,
  splitFrozen,
  train,
  trainOnly,
} from "../../../src/networks/index.ts";
import { decodeModel, encodeModel } from "../../../src/onnx/index.ts";

const folder = new URL("expected/classifiers/", import.meta.url);
const facts: Record<string, Facts> = JSON.parse(
  readFileSync(new URL("classifiers.json", folder), "utf8"),
);

interface Facts {
  readonly x: readonly number[];
  readonly shape: readonly number[];
  /** What goes into the last layer with weights, or comes out of a network without classes. */
  readonly features: readonly number[];
  readonly featureShape: readonly number[];
}

const open = (name: string) =>
  networkFromModel(decodeModel(readFileSync(new URL(`${name}.onnx`, folder))), {
    ...(name === "two-heads" ? { output: "grade" } : {}),
  });

describe("A new head takes the features of", () => {
  it.each(Object.keys(facts))("%s", async (name) => {
    const { x, shape, features, featureShape } = facts[name];
    const network = replaceHead(open(name), {
      head: classificationHead({ outputs: 2, hidden: 3 }),
    });
    const trainable = trainOnly(network, -1, -2);
    const split = splitFrozen(network, { trainable });
    if (!split) throw new Error("nothing is frozen");
    const session = await openSession(encodeModel(split.backbone));
    const [[input], [output]] = [split.backbone.graph.inputs, split.backbone.graph.outputs];
    const data = Float32Array.from(x);
    const found = (await session.run({ [input.name]: { type: "float32", shape, data } }))[
      output.name
    ];
    await session.close();
    const wanted = featureShape.length > 2 ? pooled(features, featureShape) : features;
    expect(found.data.length).toBe(wanted.length);
    for (const [at, one] of wanted.entries()) expect(found.data[at]).toBeCloseTo(one, 4);
  });

  it.each(Object.keys(facts))("%s, and learns on them", async (name) => {
    const { x, shape } = facts[name];
    const network = replaceHead(open(name), {
      head: classificationHead({ outputs: 2, hidden: 3, pooling: "max" }),
    });
    const data = arraySource({
      ...{ inputs: Float32Array.from(x), targets: Int32Array.of(0, 1), count: shape[0] },
    });
    const { history } = await train(network, {
      ...{ data, epochs: 20, batchSize: 2, device: "cpu", threads: 1 },
      ...{ loss: categoricalCrossEntropy(), optimiser: adam({ learningRate: 0.02 }) },
    });
    expect(history[19].loss).toBeLessThan(history[0].loss);
  });
});

/** Means over all positions: what the head's pooling makes of maps. */
function pooled(values: readonly number[], [batch, channels, ...size]: readonly number[]) {
  const positions = size.reduce((product, length) => product * length, 1);
  return Array.from({ length: batch * channels }, (_, at) => {
    const map = values.slice(at * positions, (at + 1) * positions);
    return map.reduce((sum, one) => sum + one, 0) / positions;
  });
}
