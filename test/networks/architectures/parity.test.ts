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
  readonly output: number[];
}

const cases = ["torchvision"].flatMap((name) => {
  const file = new URL(`expected/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { cases: Case[] }).cases;
});

const title = ({ architecture: name, reference }: Case) => `${name} of ${reference}`;

describe("parameters are called as in the reference, of the same shapes", () => {
  it.each(cases.map((one) => [title(one), one] as const))("%s", (_, one) => {
    const { architecture: name, reference, input } = one;
    const built = buildArchitecture(name, { reference, input, classes: 10, initialise: false });
    const { tensors, elements, sha256 } = one;
    expect(layoutOf(built)).toEqual({ tensors, elements, sha256 });
  });
});

describe("parameters are as many as the reference says", () => {
  it.each(cases.map((one) => [title(one), one] as const))("%s", (_, one) => {
    const { architecture: name, reference, published } = one;
    expect(architecture(name, { reference }).parameters).toBe(published);
    const { total, trainable } = summarise(
      buildArchitecture(name, { reference, initialise: false }),
    );
    expect(reference === "keras" ? total : trainable).toBe(published);
  });
});

/** Large ones take a while: all are judged with ROENTGEN_ALL_ARCHITECTURES=1, whose figures docs/correctness.md has. */
const isAlwaysJudged = ({ architecture: name, elements }: Case) =>
  process.env.ROENTGEN_ALL_ARCHITECTURES === "1" || name === "resnet50" || elements < 12e6;

describe("outputs are the reference's within 1e-4", () => {
  it.each(cases.filter(isAlwaysJudged).map((one) => [title(one), one] as const))(
    "%s",
    async (_, one) => {
      const { architecture: name, reference, input, part, output } = one;
      const top =
        part === "whole"
          ? ({ classes: 10, output: "linear" } as const)
          : ({ includeTop: false, pooling: "average" } as const);
      const built = filled(
        buildArchitecture(name, { reference, input, initialise: false, ...top }),
      );
      const session = await openSession(encodeModel(built.model), { threads: 2 });
      const data = generated("input", [1, ...input]).map((value) => 2 * value);
      const found = await session.run({ input: { type: "float32", shape: [1, ...input], data } });
      await session.close();
      const largest = Math.max(...output.map(Math.abs));
      const differences = output.map((value, at) =>
        Math.abs(value - Number(found.output.data[at])),
      );
      expect(found.output.data).toHaveLength(output.length);
      expect(Math.max(...differences) / largest).toBeLessThan(1e-4);
    },
  );
});
