// Runs ONNX models in a page with ONNX Runtime's WebAssembly, on the CPU or through WebGPU (behind the package import
// #session).

import type { InferenceSession } from "onnxruntime-web";
import { RoentgenError } from "../base/index.ts";
import type { Runtime, RuntimeModel, RuntimeModelOptions } from "./runtime/load-model.ts";
import {
  type DeviceState,
  openModel,
  openModels,
  type StateOptions,
} from "./runtime/open-sessions.ts";
import { copyTensors, type RuntimeTensor, toRuntime } from "./runtime/runtime-tensors.ts";
import type { NamedTensors, RuntimeSettings } from "./session.ts";
import type * as node from "./session-node.ts";

type Package = typeof import("onnxruntime-web");

const settings: RuntimeSettings = { wasmFolder: "onnxruntime/" };
/** Packages whose WebAssembly has been told its settings, which it takes but once. */
const started = new Set<Package>();

export const runtimeVersion: typeof node.runtimeVersion = async () => {
  const { env } = await import("onnxruntime-web/wasm");
  return env.versions.web ?? env.versions.common;
};

export const configureRuntime: typeof node.configureRuntime = ({ wasmFolder }) => {
  settings.wasmFolder = wasmFolder.endsWith("/") ? wasmFolder : `${wasmFolder}/`;
};

export const openSession: typeof node.openSession = (model, options = {}) =>
  openModel(web, model, options);

/** On WebGPU what a run gives for the state stays on the device and goes into the next run as it is. */
export const openStatefulSession: typeof node.openStatefulSession = (models, options) =>
  openModels(web, models, { ...options, makeState: outputsBecomeInputs });

const web: Runtime = {
  devices: async () => ((await hasGraphicsProcessor()) ? ["webgpu"] : []),
  async load(model, options) {
    const { InferenceSession, Tensor } = await packageFor(options);
    const create = () => InferenceSession.create(model, sessionOptions(options));
    const session = await afterTheRest(create).catch(explain);
    return { model: oneAtATime(session), tensors: Tensor };
  },
};

/** Whether WebGPU would run on more than the CPU. */
async function hasGraphicsProcessor(): Promise<boolean> {
  const adapter = await navigator.gpu?.requestAdapter();
  return adapter ? !adapter.info.isFallbackAdapter : false;
}

/** The smaller and faster WebAssembly for the CPU, or that with WebGPU in it. */
async function packageFor({ device, threads }: RuntimeModelOptions): Promise<Package> {
  if (device !== "cpu" && device !== "webgpu") throw noSuchDevice(device);
  if (device === "webgpu" && !(await navigator.gpu?.requestAdapter())) throw noSuchDevice(device);
  const found: Package =
    device === "webgpu"
      ? await import("onnxruntime-web/webgpu")
      : await import("onnxruntime-web/wasm");
  if (!started.has(found)) {
    started.add(found);
    found.env.wasm.wasmPaths = new URL(settings.wasmFolder, baseAddress()).href;
    found.env.wasm.numThreads = threadsOf(threads);
    found.env.logLevel = "error";
  }
  return found;
}

function noSuchDevice(device: string): RoentgenError {
  return new RoentgenError("bad-option", {
    problem: `Cannot run the ONNX model on "${device}"`,
    expected: '"auto", "cpu" or, where the browser has an adapter, "webgpu"',
    found: device === "webgpu" ? "a browser without a WebGPU adapter" : `"${device}" in a page`,
    remedy: 'Choose "auto".',
    subject: "device",
  });
}

/** Addresses in a page are relative to it; in a worker, to its script. */
function baseAddress(): string {
  return globalThis.document?.baseURI ?? globalThis.location.href;
}

/** WebAssembly has threads only where memory may be shared. */
function threadsOf(asked: number | undefined): number {
  if (globalThis.crossOriginIsolated) return asked ?? navigator.hardwareConcurrency;
  if (asked !== 1) {
    console.warn(
      "ONNX Runtime uses one thread, since the page is not cross-origin isolated: serve it with the headers " +
        "Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp.",
    );
  }
  return 1;
}

function sessionOptions({ device, kept }: RuntimeModelOptions): InferenceSession.SessionOptions {
  if (device !== "webgpu") return { executionProviders: ["wasm"], logSeverityLevel: 3 };
  const onDevice = Object.fromEntries(kept.map((name) => [name, "gpu-buffer"] as const));
  return {
    executionProviders: ["webgpu"],
    logSeverityLevel: 3,
    preferredOutputLocation: onDevice,
  };
}

/** Runtime files that could not be fetched are the page's matter. */
function explain(cause: unknown): never {
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (!/no available backend/i.test(reason)) throw cause;
  throw new RoentgenError("file-unreadable", {
    problem: `Cannot start ONNX Runtime: ${reason}`,
    expected: `its .mjs and .wasm files in ${new URL(settings.wasmFolder, baseAddress()).href}`,
    remedy:
      "Serve node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.* there, or call configureRuntime({ wasmFolder }).",
    subject: "wasmFolder",
    cause,
  });
}

let last: Promise<unknown> = Promise.resolve();

/** The runtime of a page must not be entered a second time while it works. */
function afterTheRest<Result>(work: () => Promise<Result>): Promise<Result> {
  const result = last.then(work);
  last = result.catch(() => {});
  return result;
}

function oneAtATime(session: InferenceSession): RuntimeModel {
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    run: (inputs, outputs) => afterTheRest(() => session.run(inputs, outputs)),
    release: () => afterTheRest(() => session.release()),
  };
}

/** The state before and after a run; what is older is given back to the device. */
function outputsBecomeInputs(state: NamedTensors, { tensors }: StateOptions): DeviceState {
  const current: Record<string, RuntimeTensor> = { ...toRuntime(copyTensors(state), tensors) };
  let before: Record<string, RuntimeTensor> = {};

  function forget(): void {
    for (const tensor of Object.values(before)) tensor.dispose();
    before = {};
  }

  return {
    current,
    makeRoom() {
      forget();
      return {};
    },
    replace(next) {
      for (const [name, tensor] of Object.entries(next)) {
        before[name] = current[name];
        current[name] = tensor;
      }
    },
    undo() {
      for (const [name, tensor] of Object.entries(before)) {
        current[name].dispose();
        current[name] = tensor;
      }
      before = {};
    },
    dispose() {
      forget();
      for (const tensor of Object.values(current)) tensor.dispose();
    },
  };
}
