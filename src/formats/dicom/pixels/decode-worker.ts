// The module that decoding threads run: one frame a task.

import {
  type ErrorDetail,
  makeVoxels,
  RoentgenError,
  type VoxelArray,
} from "../../../base/index.ts";
import type { CodecFamily } from "../data-set/transfer-syntaxes.ts";
import { type DecodedFrame, decodeFrame, type FrameForm } from "./decode-frame.ts";
import { type CompiledFamily, loadDecoders } from "./native-codecs.ts";

/** A frame to decode: into `target` where its memory is shared, else into an array that comes back. */
export interface FrameTask {
  readonly encoded: Uint8Array;
  readonly form: FrameForm;
  readonly target?: VoxelArray;
  readonly offset: number;
  readonly wasm?: string;
  /** Shared; its one value becomes 1 when all that decoding needs is loaded, from when on its time counts. */
  readonly begun?: Int32Array;
}

/** Errors lose their class on the way between threads; they travel as data. */
export type FrameOutcome =
  | (DecodedFrame & { readonly values?: VoxelArray })
  | { readonly refusal: { readonly code: RoentgenError["code"]; readonly detail: ErrorDetail } };

/** Whether frames are decoded by compiled code, which is always run in threads where there are any. */
export function isCompiled(codec: CodecFamily): codec is CompiledFamily {
  return codec.startsWith("jpeg") || codec === "htj2k";
}

export default async function work(task: FrameTask): Promise<FrameOutcome> {
  const { encoded, form, wasm, begun } = task;
  try {
    if (isCompiled(form.codec)) await loadDecoders(wasm);
    if (begun) Atomics.store(begun, 0, 1);
    if (task.target) return await decodeFrame(encoded, form, task.target, task.offset, wasm);
    const values = makeVoxels(form.type, form.rows * form.columns * form.samples);
    return { ...(await decodeFrame(encoded, form, values, 0, wasm)), values };
  } catch (error) {
    if (!(error instanceof RoentgenError)) throw error;
    const { cause: _, ...detail } = error.detail;
    return { refusal: { code: error.code, detail } };
  }
}
