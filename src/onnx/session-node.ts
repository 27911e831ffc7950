// Runs ONNX models with ONNX Runtime's native library (behind the package import #session).

import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { RoentgenError } from "../base/index.ts";
import type { ElementType, OnnxData, OnnxTensor } from "./model.ts";
import type {
  Device,
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

/** Loads a model from the bytes of its file. */
export async function openSession(
  model: Uint8Array,
  { threads, device = "cpu" }: SessionOptions = {},
): Promise<Session> {
  const { session } = await load(model, { threads, device });
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    async run(feeds) {
      const outputs = await runSession(session, mapValues(feeds, toOrt));
      return mapValues(outputs, fromOrt);
    },
    close: () => session.release(),
  };
}

/**
 * Loads models that share a state. Each tensor of the state has two buffers that take turns, so that a run writes into
 * memory that is there already.
 */
export async function openStatefulSession(
  models: Readonly<Record<string, StatefulModel>>,
  { state, threads, device = "cpu" }: StatefulOptions,
): Promise<StatefulSession> {
  const loaded = new Map<string, InferenceSession>();
  let chosen: Exclude<Device, "auto"> | undefined;
  for (const [name, { bytes }] of Object.entries(models)) {
    const { session, device: found } = await load(bytes, { threads, device: chosen ?? device });
    chosen = found;
    loaded.set(name, session);
  }
  const current = mapValues(state, copyToOrt);
  const carried = new Set(Object.values(models).flatMap(({ carry }) => Object.values(carry)));
  const spare = mapValues(
    Object.fromEntries(Object.entries(state).filter(([name]) => carried.has(name))),
    copyToOrt,
  );
  let swapped: string[] = [];

  function swap(names: readonly string[]): void {
    for (const name of names) [current[name], spare[name]] = [spare[name], current[name]];
  }

  return {
    device: chosen ?? "cpu",
    async run(model, feeds) {
      const session = loaded.get(model) as InferenceSession;
      const { carry } = models[model];
      const shared = session.inputNames.filter((name) => current[name]);
      const inputs = {
        ...Object.fromEntries(shared.map((name) => [name, current[name]])),
        ...mapValues(feeds, toOrt),
      };
      const fetches = Object.fromEntries(
        session.outputNames.map((name) => [name, carry[name] ? spare[carry[name]] : null]),
      );
      const outputs = await runSession(session, inputs, fetches);
      swapped = Object.values(carry);
      swap(swapped);
      const others = Object.entries(outputs).filter(([name]) => !carry[name]);
      return mapValues(Object.fromEntries(others), fromOrt);
    },
    async read(names = Object.keys(current)) {
      const copies = names.map((name) => [name, copyOf(fromOrt(current[name]))] as const);
      return Object.fromEntries(copies);
    },
    undo() {
      swap(swapped);
      swapped = [];
    },
    async close() {
      for (const session of loaded.values()) await session.release();
    },
  };
}

type Loaded = { session: InferenceSession; device: Exclude<Device, "auto"> };

/** Devices that "auto" tries, best first. */
const preferred = ["cuda", "coreml", "dml", "webgpu"] as const;

async function load(
  model: Uint8Array,
  { threads, device = "cpu" }: SessionOptions,
): Promise<Loaded> {
  const { listSupportedBackends } = await import("onnxruntime-node");
  const bundled = new Set(listSupportedBackends().map(({ name }) => name as string));
  if (device === "auto") {
    for (const one of preferred.filter((name) => bundled.has(name))) {
      const session = await create(model, one, threads).catch(() => undefined);
      if (session) return { session, device: one };
    }
  }
  const chosen = device === "auto" ? "cpu" : device;
  const session = await create(model, chosen, threads).catch((cause) => {
    throw runtimeError("Cannot load the ONNX model", cause);
  });
  return { session, device: chosen };
}

function create(model: Uint8Array, device: string, threads?: number): Promise<InferenceSession> {
  return InferenceSession.create(model, {
    executionProviders: device === "cpu" ? ["cpu"] : [device, "cpu"],
    logSeverityLevel: 3,
    ...(threads ? { intraOpNumThreads: threads } : {}),
  });
}

function runSession(
  session: InferenceSession,
  inputs: Record<string, OrtTensor>,
  fetches?: Record<string, OrtTensor | null>,
): Promise<Record<string, OrtTensor>> {
  const work = fetches ? session.run(inputs, fetches) : session.run(inputs);
  return work.catch((cause) => {
    throw runtimeError("Cannot run the ONNX model", cause);
  }) as Promise<Record<string, OrtTensor>>;
}

function runtimeError(problem: string, cause: unknown): RoentgenError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new RoentgenError("value-invalid", { problem: `${problem}: ${reason}`, cause });
}

function mapValues<From, To>(values: Readonly<Record<string, From>>, to: (value: From) => To) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, to(value)]));
}

function toOrt({ type, shape, data }: OnnxTensor): OrtTensor {
  return new OrtTensor(type as "float32", data as Float32Array, shape);
}

function copyToOrt(tensor: OnnxTensor): OrtTensor {
  return toOrt(copyOf(tensor));
}

function copyOf(tensor: OnnxTensor): OnnxTensor {
  return { ...tensor, data: tensor.data.slice() as OnnxData };
}

function fromOrt({ type, dims, data }: OrtTensor): OnnxTensor {
  // Where the engine has Float16Array, the runtime gives that instead of the bits.
  if (type === "float16" && !(data instanceof Uint16Array)) {
    const { buffer, byteOffset, length } = data as unknown as Uint16Array;
    return { type, shape: dims, data: new Uint16Array(buffer, byteOffset, length) };
  }
  return { type: type as ElementType, shape: dims, data: data as OnnxData };
}
