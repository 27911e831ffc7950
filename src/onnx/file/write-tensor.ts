// Tensors to ONNX messages.

import type { OnnxTensor } from "../model.ts";
import { notesMessage } from "./notes.ts";
import type { Message } from "./read-message.ts";
import { elementTypes } from "./schema.ts";
import { encodeTexts } from "./text.ts";

/** The message of a tensor with its elements inside. */
export function tensorMessage(tensor: OnnxTensor): Message {
  const { name, type, shape, data } = tensor;
  const message: Message = {
    dims: shape,
    dataType: elementTypes[type],
    name,
    ...notesMessage(tensor),
  };
  if (type === "string") return { ...message, stringData: encodeTexts(data as string[]) };
  return { ...message, rawData: bytesOf(tensor) };
}

/** Elements as TensorProto.raw_data has them: little-endian, as every platform that Node and browsers run on. */
export function bytesOf({ data }: OnnxTensor): Uint8Array {
  const { buffer, byteOffset, byteLength } = data as Uint8Array;
  return new Uint8Array(buffer, byteOffset, byteLength);
}
