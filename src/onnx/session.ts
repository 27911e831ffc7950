// What sessions are in Node and in browsers alike: a model that runs, and models that share state which stays on the device.

import type { OnnxTensor } from "./model.ts";

/** Where a model runs; "auto" takes the best that loads. */
export type Device = "auto" | "cpu" | "webgpu" | "cuda" | "coreml" | "dml";

export interface SessionOptions {
  /**
   * Threads inside one operator; by default as many as the machine has cores. In a page all models share them, the first
   * one sets their number, and there is one where the page is not cross-origin isolated.
   */
  threads?: number;
  device?: Device;
}

/** What a page tells the runtime before its first model. */
export interface RuntimeSettings {
  /**
   * Address of the folder with ONNX Runtime's `ort-wasm-simd-threaded.mjs` and `.wasm`, and for WebGPU
   * `ort-wasm-simd-threaded.asyncify.mjs` and `.wasm`; by default `onnxruntime/` beside the page.
   */
  wasmFolder: string;
}

/** Tensors by name. */
export type NamedTensors = Readonly<Record<string, OnnxTensor>>;

/** A loaded model. */
export interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** Runs the model; names of feeds are input names, names of the result are output names. */
  run(feeds: NamedTensors): Promise<Record<string, OnnxTensor>>;
  close(): Promise<void>;
}

/** One of the models that work on a common state. */
export interface StatefulModel {
  /** Bytes of the model. Inputs that are named like tensors of the state are fed from it. */
  readonly bytes: Uint8Array;
  /** Names of outputs that replace tensors of the state, and of these tensors. */
  readonly carry: Readonly<Record<string, string>>;
}

/** Models that share tensors which stay on the device from run to run: parameters and what an optimiser remembers. */
export interface StatefulSession {
  /** The device in use. */
  readonly device: Exclude<Device, "auto">;
  /** Runs one of the models; returns the outputs that the state does not take. */
  run(model: string, feeds: NamedTensors): Promise<Record<string, OnnxTensor>>;
  /** Copies of tensors of the state; by default of all. */
  read(names?: readonly string[]): Promise<Record<string, OnnxTensor>>;
  /** Undoes what the last run changed in the state. It can be undone once. */
  undo(): void;
  close(): Promise<void>;
}

export interface StatefulOptions extends SessionOptions {
  /** The state to start from; it is copied. */
  state: NamedTensors;
}
