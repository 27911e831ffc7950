// Runs ONNX models with ONNX Runtime's native library (behind the package import #session).

import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { RoentgenError } from "../base/index.ts";
import type { ElementType, OnnxData, OnnxTensor } from "./model.ts";

export interface SessionOptions {
  /** Threads inside one operator; by default as many as the machine has cores. */
  threads?: number;
}

/** A loaded model. */
export interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** Runs the model; names of feeds are input names, names of the result are output names. */
  run(feeds: Readonly<Record<string, OnnxTensor>>): Promise<Record<string, OnnxTensor>>;
  close(): Promise<void>;
}

/** Version of ONNX Runtime in use, for provenance. */
export async function runtimeVersion(): Promise<string> {
  const { env } = await import("onnxruntime-node");
  return env.versions.node ?? env.versions.common;
}

/** Loads a model from the bytes of its file. */
export async function openSession(
  model: Uint8Array,
  { threads }: SessionOptions = {},
): Promise<Session> {
  const session = await InferenceSession.create(model, {
    executionProviders: ["cpu"],
    logSeverityLevel: 3,
    ...(threads ? { intraOpNumThreads: threads } : {}),
  }).catch((cause) => {
    throw runtimeError("Cannot load the ONNX model", cause);
  });
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    async run(feeds) {
      const inputs = Object.entries(feeds).map(([name, tensor]) => [name, toOrt(tensor)] as const);
      const outputs = await session.run(Object.fromEntries(inputs)).catch((cause) => {
        throw runtimeError("Cannot run the ONNX model", cause);
      });
      return Object.fromEntries(
        Object.entries(outputs).map(([name, output]) => [name, fromOrt(output as OrtTensor)]),
      );
    },
    close: () => session.release(),
  };
}

function runtimeError(problem: string, cause: unknown): RoentgenError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new RoentgenError("value-invalid", { problem: `${problem}: ${reason}`, cause });
}

function toOrt({ type, shape, data }: OnnxTensor): OrtTensor {
  return new OrtTensor(type as "float32", data as Float32Array, shape);
}

function fromOrt({ type, dims, data }: OrtTensor): OnnxTensor {
  // Where the engine has Float16Array, the runtime gives that instead of the bits.
  if (type === "float16" && !(data instanceof Uint16Array)) {
    const { buffer, byteOffset, length } = data as unknown as Uint16Array;
    return { type, shape: dims, data: new Uint16Array(buffer, byteOffset, length) };
  }
  return { type: type as ElementType, shape: dims, data: data as OnnxData };
}
