// ONNX Runtime's files, as a page gets them from its server.

import { readFileSync } from "node:fs";
import type { Device } from "../../src/onnx/index.ts";

/** ONNX Runtime's files where a page looks for them. */
export function runtimeFiles(device: Device): Map<string, Uint8Array> {
  const kind = device === "webgpu" ? ".asyncify" : "";
  const runtime = ["mjs", "wasm"].map((ending) => `ort-wasm-simd-threaded${kind}.${ending}`);
  return new Map(
    runtime.map((name) => [
      `onnxruntime/${name}`,
      new Uint8Array(readFileSync(`node_modules/onnxruntime-web/dist/${name}`)),
    ]),
  );
}
