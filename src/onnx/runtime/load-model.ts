// Loads a model on the device that was asked for, or on the best there is.

import { RoentgenError } from "../../base/index.ts";
import type { Device, SessionOptions } from "../session.ts";
import type { RuntimeTensor, RuntimeTensors, TensorClass } from "./runtime-tensors.ts";

/** A device that is in use. */
type ChosenDevice = Exclude<Device, "auto">;

/** A model that a package of ONNX Runtime has loaded. */
export interface RuntimeModel {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** Writes outputs into the tensors that are given for them; null leaves the place to the runtime. */
  run(
    inputs: RuntimeTensors,
    outputs: Readonly<Record<string, RuntimeTensor | null>>,
  ): Promise<RuntimeTensors>;
  release(): Promise<void>;
}

export interface RuntimeModelOptions {
  readonly device: ChosenDevice;
  readonly threads?: number;
  /** Outputs that stay on the device. */
  readonly kept: readonly string[];
}

/** What a package of ONNX Runtime can do. */
export interface Runtime {
  /** Devices beside the CPU that may be there, in any order. */
  devices(): Promise<readonly string[]>;
  load(
    model: Uint8Array,
    options: RuntimeModelOptions,
  ): Promise<{ model: RuntimeModel; tensors: TensorClass }>;
}

export interface LoadedModel {
  readonly model: RuntimeModel;
  readonly tensors: TensorClass;
  readonly device: ChosenDevice;
}

/** Devices that "auto" tries, best first. */
const preferred = ["cuda", "coreml", "dml", "webgpu"] as const;

/** Loads a model; outputs in `kept` stay on the device. */
export async function loadModel(
  runtime: Runtime,
  bytes: Uint8Array,
  { threads, device = "cpu", kept = [] }: SessionOptions & { kept?: readonly string[] },
): Promise<LoadedModel> {
  const load = async (one: ChosenDevice): Promise<LoadedModel> => {
    const fitted = one === "webgpu" ? await fittedToWebGpu(bytes) : bytes;
    const { model, tensors } = await runtime.load(fitted, { device: one, threads, kept });
    return { model: saying("Cannot run the ONNX model", model), tensors, device: one };
  };
  if (device === "auto") {
    const there = await runtime.devices();
    for (const one of preferred.filter((name) => there.includes(name))) {
      const loaded = await load(one).catch(() => undefined);
      if (loaded) return loaded;
    }
  }
  return load(device === "auto" ? "cpu" : device).catch((cause) => {
    throw runtimeError("Cannot load the ONNX model", cause);
  });
}

/** What rewrites models is loaded where a model is to be rewritten. */
async function fittedToWebGpu(bytes: Uint8Array): Promise<Uint8Array> {
  const { fitToWebGpu } = await import("./webgpu/fit-to-webgpu.ts");
  return fitToWebGpu(bytes);
}

/** The model with errors of its runs in our words. */
function saying(problem: string, model: RuntimeModel): RuntimeModel {
  return {
    inputNames: model.inputNames,
    outputNames: model.outputNames,
    run: (inputs, outputs) =>
      model.run(inputs, outputs).catch((cause) => {
        throw runtimeError(problem, cause);
      }),
    release: () => model.release(),
  };
}

function runtimeError(problem: string, cause: unknown): RoentgenError {
  if (cause instanceof RoentgenError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new RoentgenError("value-invalid", { problem: `${problem}: ${reason}`, cause });
}
