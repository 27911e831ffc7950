// Runs ONNX models with ONNX Runtime's native library (behind the package import #session).

import { RoentgenError } from "../base/index.ts";
import type { Runtime } from "./runtime/load-model.ts";
import {
  type DeviceState,
  openModel,
  openModels,
  type StateOptions,
} from "./runtime/open-sessions.ts";
import { copyTensors, type RuntimeTensor, toRuntime } from "./runtime/runtime-tensors.ts";
import { mayHaveVulkan } from "./runtime/vulkan-node.ts";
import type {
  NamedTensors,
  RuntimeSettings,
  Session,
  SessionOptions,
  StatefulModel,
  StatefulOptions,
  StatefulSession,
} from "./session.ts";

/** Version of ONNX Runtime in use, for provenance. */
export async function runtimeVersion(): Promise<string> {
  const { env } = await import("onnxruntime-node");
  return env.versions.node ?? env.versions.common;
}

/** Tells the runtime of a page where its files are. In Node they lie in its package, and there is nothing to tell. */
export function configureRuntime({ wasmFolder }: RuntimeSettings): void {
  throw new RoentgenError("bad-option", {
    problem: `Cannot look for ONNX Runtime in ${wasmFolder}`,
    expected: "a page",
    found: "Node, which runs the native library of its package",
    remedy: "Leave the call out where the program runs in Node.",
    subject: "wasmFolder",
  });
}

/** Loads a model from the bytes of its file. */
export function openSession(model: Uint8Array, options: SessionOptions = {}): Promise<Session> {
  return openModel(native, model, options);
}

/**
 * Loads models that share a state. Each tensor of the state has two buffers that take turns, so that a run writes into
 * memory that is there already.
 */
export function openStatefulSession(
  models: Readonly<Record<string, StatefulModel>>,
  options: StatefulOptions,
): Promise<StatefulSession> {
  return openModels(native, models, { ...options, makeState: twoBuffers });
}

const native: Runtime = {
  async devices() {
    const { listSupportedBackends } = await import("onnxruntime-node");
    const names = listSupportedBackends().map(({ name }) => name);
    const lacksVulkan = process.platform === "linux" && !(await mayHaveVulkan());
    return names.filter((name) => !(lacksVulkan && name === "webgpu"));
  },
  async load(bytes, { device, threads, kept }) {
    const { env, InferenceSession, Tensor } = await import("onnxruntime-node");
    // Trying a device that is not there must not fill the terminal; what fails is thrown all the same.
    env.logLevel = "fatal";
    const spare =
      kept.length > 0 && device === "cpu" ? await import("./runtime/spare-copies.ts") : undefined;
    const marked = spare?.markForSparing(bytes);
    const session = await InferenceSession.create(marked ?? bytes, {
      executionProviders: device === "cpu" ? ["cpu"] : [device, "cpu"],
      logSeverityLevel: 3,
      // A plan of all memory in one piece is kept beside the pieces of the first run, which nearly doubles a step's need.
      enableMemPattern: kept.length === 0,
      ...(threads ? { intraOpNumThreads: threads } : {}),
    });
    return {
      model: spare && marked ? spare.sparingModel(session, Tensor) : session,
      tensors: Tensor,
    };
  },
};

function twoBuffers(state: NamedTensors, { tensors, replaced }: StateOptions): DeviceState {
  const current: Record<string, RuntimeTensor> = toRuntime(copyTensors(state), tensors);
  const moving = Object.entries(state).filter(([name]) => replaced.has(name));
  const spare: Record<string, RuntimeTensor> = toRuntime(
    copyTensors(Object.fromEntries(moving)),
    tensors,
  );
  let swapped: string[] = [];

  function swap(names: readonly string[]): void {
    for (const name of names) [current[name], spare[name]] = [spare[name], current[name]];
  }

  return {
    current,
    makeRoom: () => spare,
    replace(next) {
      swapped = Object.keys(next);
      swap(swapped);
    },
    undo() {
      swap(swapped);
      swapped = [];
    },
    dispose() {},
  };
}
