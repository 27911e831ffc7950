// The module that decoding threads run: one frame a task.

import {
  type ErrorDetail,
  makeVoxels,
  RoentgenError,
  type VoxelArray,
} from "../../../base/index.ts";
import { type DecodedFrame, decodeFrame, type FrameForm } from "./decode-frame.ts";

/** A frame to decode: into `target` where its memory is shared, else into an array that comes back. */
export interface FrameTask {
  readonly encoded: Uint8Array;
  readonly form: FrameForm;
  readonly target?: VoxelArray;
  readonly offset: number;
  readonly wasm?: string;
}

/** Errors lose their class on the way between threads; they travel as data. */
export type FrameOutcome =
  | (DecodedFrame & { readonly values?: VoxelArray })
  | { readonly refusal: { readonly code: RoentgenError["code"]; readonly detail: ErrorDetail } };

export default async function work(task: FrameTask): Promise<FrameOutcome> {
  const { encoded, form, wasm } = task;
  try {
    if (task.target) return await decodeFrame(encoded, form, task.target, task.offset, wasm);
    const values = makeVoxels(form.type, form.rows * form.columns * form.samples);
    return { ...(await decodeFrame(encoded, form, values, 0, wasm)), values };
  } catch (error) {
    if (!(error instanceof RoentgenError)) throw error;
    const { cause: _, ...detail } = error.detail;
    return { refusal: { code: error.code, detail } };
  }
}
