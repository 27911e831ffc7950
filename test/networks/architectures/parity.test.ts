// Architectures against their references with the same generated weights (expected/make-*.py).

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openSession } from "#session";
import {
  type Architecture,
  architecture,
  buildArchitecture,
  summarise,
} from "../../../src/networks/index.ts";
import { encodeModel } from "../../../src/onnx/index.ts";
import { filled, generated, layoutOf } from "./generated-weights.ts";

interface Case {
  readonly architecture: string;
  readonly reference: Architecture["reference"];
  readonly input: number[];
  /** Parameters of the reference at its own size and classes, as it counts them. */
  readonly published: number;
  readonly tensors: number;
  readonly elements: number;
  readonly sha256: string;
  readonly part: "whole" | "without top";
  /** Pixels of the two images lie within ± this. */
  readonly amplitude: number;
  /** Of the generated weights. */
  readonly gain: number;
  readonly output: number[];
}

const cases = ["torchvision", "timm", "keras"].flatMap((name) => {
  const file = new URL(`expected/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { cases: Case[] }).cases;
});

const title = ({ architecture: name, reference, input }: Case) =>
  `${name} of ${reference} for ${input.join(" × ")}`;

describe("parameters are called as in the reference, of the same shapes", () => {
  it.each(cases.map((one) => [title(one), one] as const))("%s", (_, one) => {
    const { architecture: name, reference, input } = one;
    const built = buildArchitecture(name, { reference, input, classes: 10, initialise: false });
    const { tensors, elements, sha256 } = one;
    expect(layoutOf(built)).toEqual({ tensors, elements, sha256 });
  });
});

const isOwnSize = ({ architecture: name, reference, input }: Case) =>
  architecture(name, { reference }).input.join() === input.join();

describe("parameters are as many as the reference says", () => {
  const named = (one: Case) => `${one.architecture} of ${one.reference}`;
  const distinct = new Map(cases.map((one) => [named(one), one]));

  it.each([...distinct])("%s", (_, one) => {
    const { architecture: name, reference, published } = one;
    expect(architecture(name, { reference }).parameters).toBe(published);
    const { total, trainable } = summarise(
      buildArchitecture(name, { reference, initialise: false }),
    );
    // Keras also counts the number of images that the scaling inside was measured on.
    const counter = reference === "keras" && name.startsWith("efficientnet") ? 1 : 0;
    expect(reference === "keras" ? total + counter : trainable).toBe(published);
  });
});

/** Judged at their own size in every run. */
const OWN_SIZE = /^(resnet50|densenet121|efficientnet_b0) of torchvision/;

/** Large ones take a while: all are judged with ROENTGEN_ALL_ARCHITECTURES=1, whose figures docs/correctness.md has. */
function isAlwaysJudged(one: Case): boolean {
  if (process.env.ROENTGEN_ALL_ARCHITECTURES === "1") return true;
  if (isOwnSize(one)) return OWN_SIZE.test(title(one));
  return one.architecture === "resnet50" || one.elements < 12e6;
}

describe("outputs are the reference's within 1e-4", () => {
  it.each(cases.filter(isAlwaysJudged).map((one) => [title(one), one] as const))(
    "%s",
    async (_, one) => {
      const { architecture: name, reference, input, part, amplitude, gain, output } = one;
      const top =
        part === "whole"
          ? ({ classes: 10, output: "linear" } as const)
          : ({ includeTop: false, pooling: "average" } as const);
      const built = filled(
        buildArchitecture(name, { reference, input, initialise: false, ...top }),
        gain,
      );
      const session = await openSession(encodeModel(built.model), { threads: 2 });
      const shape = [2, ...input];
      const data = generated("input", shape).map((value) => 2 * amplitude * value);
      const { output: found } = await session.run({ input: { type: "float32", shape, data } });
      await session.close();
      expect(found.data).toHaveLength(output.length);
      const worst = largest(output.map((value, at) => value - Number(found.data[at])));
      const half = output.length / 2;
      const between = largest(output.slice(half).map((value, at) => value - output[at]));
      // Also within a hundredth of what the image changes: a network that ignores it would not pass.
      expect(worst / between).toBeLessThan(1e-2);
      expect(worst / largest(output)).toBeLessThan(1e-4);
    },
    300_000,
  );
});

const largest = (values: readonly number[]) => Math.max(...values.map(Math.abs));
