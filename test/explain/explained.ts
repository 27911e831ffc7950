// Networks that PyTorch exported, and its explanations of two images (expected/make-explanations.py).

import { readFileSync } from "node:fs";
import type { ImageBatch } from "../../src/explain/index.ts";
import { decodeModel, type OnnxModel } from "../../src/onnx/index.ts";

export const NETWORKS = ["plain", "residual", "volume", "transformer"] as const;

/** Figures of one choice of classes; maps are not scaled. */
interface ExplainedCase {
  readonly classes: readonly number[];
  readonly scores: readonly number[];
  readonly gradCam: readonly number[];
  readonly gradCamPlus: readonly number[];
  readonly integratedGradients: readonly number[];
  readonly occlusion: readonly number[];
}

export interface Explained {
  readonly model: OnnxModel;
  readonly inputs: ImageBatch;
  readonly steps: number;
  /** Of the predicted classes, and of others. */
  readonly cases: readonly [ExplainedCase, ExplainedCase];
}

export function explained(name: (typeof NETWORKS)[number]): Explained {
  const folder = new URL("expected/", import.meta.url);
  const known = JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8"));
  return {
    model: decodeModel(readFileSync(new URL(`${name}.onnx`, folder))),
    inputs: { shape: known.shape, data: Float32Array.from(known.x) },
    ...{ steps: known.steps, cases: known.cases },
  };
}

/** The largest difference relative to the largest number. */
export function differenceOf(found: ArrayLike<number>, expected: readonly number[]): number {
  const largest = Math.max(...expected.map(Math.abs), 1e-30);
  return Math.max(...expected.map((one, at) => Math.abs(found[at] - one))) / largest;
}
