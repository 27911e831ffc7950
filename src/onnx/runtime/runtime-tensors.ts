// Tensors of ONNX Runtime and ours: its packages for Node and for browsers have the same.

import type { Tensor } from "onnxruntime-web";
import type { ElementType, OnnxData, OnnxTensor } from "../model.ts";
import type { NamedTensors } from "../session.ts";

/** A tensor of the runtime, on whatever device. */
export type RuntimeTensor = Tensor;
export type RuntimeTensors = Readonly<Record<string, RuntimeTensor>>;
/** The class of a package; a session takes tensors of its own package's class alone. */
export type TensorClass = typeof Tensor;

/** Tensors that share memory with ours. */
export function toRuntime(tensors: NamedTensors, Class: TensorClass): RuntimeTensors {
  return mapTensors(tensors, ({ type, shape, data }) =>
    type === "float16"
      ? halfTensor(new Class("uint16", data as Uint16Array, shape))
      : new Class(type as "float32", data as Float32Array, shape),
  );
}

/**
 * Bits as the half-precision numbers that they are. Where the engine has Float16Array, the class would turn them into
 * one, of which Node-API sees no elements.
 */
function halfTensor(bits: RuntimeTensor): RuntimeTensor {
  return Object.defineProperty(bits, "type", { value: "float16" });
}

/** The tensors, brought from the device where they are not in memory. */
export async function fromRuntime(tensors: RuntimeTensors): Promise<Record<string, OnnxTensor>> {
  const read = Object.entries(tensors).map(
    async ([name, tensor]) => [name, await readTensor(tensor)] as const,
  );
  return Object.fromEntries(await Promise.all(read));
}

export function copyTensors(tensors: NamedTensors): Record<string, OnnxTensor> {
  return mapTensors(tensors, (tensor) => ({ ...tensor, data: tensor.data.slice() as OnnxData }));
}

async function readTensor(tensor: RuntimeTensor): Promise<OnnxTensor> {
  const { type, dims } = tensor;
  const data = await tensor.getData();
  // Where the engine has Float16Array, the runtime gives that instead of the bits.
  if (type === "float16" && !(data instanceof Uint16Array)) {
    const { buffer, byteOffset, length } = data as unknown as Uint16Array;
    return { type, shape: dims, data: new Uint16Array(buffer, byteOffset, length) };
  }
  return { type: type as ElementType, shape: dims, data: data as OnnxData };
}

function mapTensors<From, To>(
  tensors: Readonly<Record<string, From>>,
  to: (tensor: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, to(tensor)]));
}
