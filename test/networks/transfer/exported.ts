// Networks that PyTorch exported, and what became of them after a step (expected/make-transfer.py).

import { readFileSync } from "node:fs";
import { decodeModel, type OnnxModel } from "../../../src/onnx/index.ts";

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
  readonly state: Readonly<Record<string, { shape: readonly number[]; data: readonly number[] }>>;
}

export function exported(name: (typeof EXPORTED)[number]): Exported {
  const folder = new URL("expected/", import.meta.url);
  const known = JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8"));
  return { ...known, model: decodeModel(readFileSync(new URL(`${name}.onnx`, folder))) };
}
