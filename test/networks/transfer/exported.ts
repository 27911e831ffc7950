// Networks that PyTorch exported, and what became of them after a step (expected/make-transfer.py).

import { readFileSync } from "node:fs";
import { openSession } from "#session";
import { memorySource } from "../../../src/base/index.ts";
import { readWeights, type WeightsFile } from "../../../src/formats/index.ts";
import type { Network } from "../../../src/networks/index.ts";
import { decodeModel, encodeModel, type OnnxModel } from "../../../src/onnx/index.ts";

export const EXPORTED = ["convolutional", "folded", "transformer", "mixed"] as const;

export interface Exported {
  readonly model: OnnxModel;
  readonly x: readonly number[];
  readonly target: readonly number[];
  /** In inference. */
  readonly y: readonly number[];
  readonly loss: number;
  readonly rate: number;
  /** Weights after the step by their names in the model; `of` is PyTorch's. */
  readonly updated: Readonly<Record<string, { of: string; data: readonly number[] }>>;
}

export function exported(name: (typeof EXPORTED)[number]): Exported {
  const folder = new URL("expected/", import.meta.url);
  const known = JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8"));
  return { ...known, model: decodeModel(readFileSync(new URL(`${name}.onnx`, folder))) };
}

/** The state dict of a network as PyTorch saved it. */
export function stateOf(name: (typeof EXPORTED)[number]): Promise<WeightsFile> {
  const file = `${name}.pth`;
  const bytes = readFileSync(new URL(`expected/${file}`, import.meta.url));
  return readWeights(memorySource(new Uint8Array(bytes), file));
}

/** What a network makes of the six images. */
export async function outputOf({ model }: Network, x: readonly number[]): Promise<Float32Array> {
  const session = await openSession(encodeModel(model));
  const data = Float32Array.from(x);
  const results = await session.run({
    [model.graph.inputs[0].name]: { type: "float32", shape: [6, 1, 12, 12], data },
  });
  await session.close();
  return results[model.graph.outputs[0].name].data as Float32Array;
}

/** The largest difference relative to the largest number. */
export function differenceOf(found: ArrayLike<number>, expected: readonly number[]): number {
  const largest = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((one, at) => Math.abs(found[at] - one))) / largest;
}
