// Writes a model as two files: the graph, and beside it the large tensors (ONNX, ExternalData.md).

import type { Initializer, OnnxModel } from "../model.ts";
import { modelMessage } from "./encode.ts";
import type { Message } from "./read-message.ts";
import { EXTERNAL } from "./read-tensor.ts";
import { encodeMessage } from "./write-message.ts";
import { bytesOf, tensorMessage } from "./write-tensor.ts";

export interface SplitModelOptions {
  /** Name of the file for tensors, in the folder of the model. */
  location: string;
  /** Tensors of fewer bytes stay in the model. */
  minimumBytes?: number;
}

export interface SplitModel {
  /** The .onnx file. */
  readonly model: Uint8Array;
  /** The file at `location`, in pieces: as a whole it may be larger than one array. */
  readonly data: readonly Uint8Array[];
}

/** Pages of the systems that map the file into memory (ExternalData.md asks for it). */
const PAGE = 4096;

/** Puts large tensors into one file beside the model; what `readModel` reads is the same model. */
export function splitModel(
  model: OnnxModel,
  { location, minimumBytes = 1024 }: SplitModelOptions,
): SplitModel {
  const data: Uint8Array[] = [];
  let end = 0;

  function append(bytes: Uint8Array): number {
    const offset = Math.ceil(end / PAGE) * PAGE;
    if (offset > end) data.push(new Uint8Array(offset - end));
    data.push(bytes);
    end = offset + bytes.byteLength;
    return offset;
  }

  function initializerMessage(tensor: Initializer): Message {
    const message = tensorMessage(tensor);
    if (tensor.type === "string" || bytesOf(tensor).byteLength < minimumBytes) return message;
    const bytes = bytesOf(tensor);
    const entries = { location, offset: String(append(bytes)), length: String(bytes.byteLength) };
    return {
      ...message,
      rawData: undefined,
      dataLocation: EXTERNAL,
      externalData: Object.entries(entries).map(([key, value]) => ({ key, value })),
    };
  }

  const bytes = encodeMessage("ModelProto", modelMessage(model, initializerMessage));
  return { model: bytes, data };
}
