// Sessions over any package of ONNX Runtime: a model alone, and models that share a state.

import type {
  NamedTensors,
  Session,
  SessionOptions,
  StatefulModel,
  StatefulOptions,
  StatefulSession,
} from "../session.ts";
import { type LoadedModel, loadModel, type Runtime } from "./load-model.ts";
import {
  copyTensors,
  fromRuntime,
  type RuntimeTensors,
  type TensorClass,
  toRuntime,
} from "./runtime-tensors.ts";

/** Tensors that models share, and how a run replaces some of them. */
export interface DeviceState {
  readonly current: RuntimeTensors;
  /** Before a run that replaces these: memory that the new values are to be written into, where there is some. */
  makeRoom(names: readonly string[]): RuntimeTensors;
  /** Takes the values that a run has given. */
  replace(next: RuntimeTensors): void;
  /** Goes back to before the last replacement, once. */
  undo(): void;
  dispose(): void;
}

export interface StateOptions {
  readonly tensors: TensorClass;
  /** Names of tensors that runs replace. */
  readonly replaced: ReadonlySet<string>;
}

/** Makes the state of a session from its first values. */
export type StateFactory = (state: NamedTensors, options: StateOptions) => DeviceState;

/** Loads a model from the bytes of its file. */
export async function openModel(
  runtime: Runtime,
  bytes: Uint8Array,
  options: SessionOptions,
): Promise<Session> {
  const { model, tensors } = await loadModel(runtime, bytes, options);
  const nowhere = Object.fromEntries(model.outputNames.map((name) => [name, null]));
  return {
    inputNames: model.inputNames,
    outputNames: model.outputNames,
    run: async (feeds) => fromRuntime(await model.run(toRuntime(feeds, tensors), nowhere)),
    close: () => model.release(),
  };
}

/** Loads models that share a state; all run where the first one does. */
export async function openModels(
  runtime: Runtime,
  models: Readonly<Record<string, StatefulModel>>,
  { state, makeState, ...options }: StatefulOptions & { makeState: StateFactory },
): Promise<StatefulSession> {
  const loaded = await loadAll(runtime, models, options);
  const [{ device, tensors }] = loaded.values();
  const replaced = new Set(Object.values(models).flatMap(({ carry }) => Object.values(carry)));
  const held = makeState(state, { tensors, replaced });
  return {
    device,
    run: (name, feeds) =>
      runOnState(loaded.get(name) as LoadedModel, {
        held,
        carry: models[name].carry,
        feeds,
      }),
    async read(names = Object.keys(held.current)) {
      const chosen = Object.fromEntries(names.map((name) => [name, held.current[name]]));
      return copyTensors(await fromRuntime(chosen));
    },
    undo: () => held.undo(),
    async close() {
      held.dispose();
      for (const { model } of loaded.values()) await model.release();
    },
  };
}

async function loadAll(
  runtime: Runtime,
  models: Readonly<Record<string, StatefulModel>>,
  { device, threads }: SessionOptions,
): Promise<Map<string, LoadedModel>> {
  const loaded = new Map<string, LoadedModel>();
  let chosen = device;
  for (const [name, { bytes, carry }] of Object.entries(models)) {
    const kept = Object.keys(carry);
    const one = await loadModel(runtime, bytes, { device: chosen, threads, kept });
    chosen = one.device;
    loaded.set(name, one);
  }
  return loaded;
}

interface StateRun {
  readonly held: DeviceState;
  readonly carry: StatefulModel["carry"];
  readonly feeds: NamedTensors;
}

async function runOnState({ model, tensors }: LoadedModel, { held, carry, feeds }: StateRun) {
  const shared = model.inputNames.filter((name) => held.current[name]);
  const inputs = {
    ...Object.fromEntries(shared.map((name) => [name, held.current[name]])),
    ...toRuntime(feeds, tensors),
  };
  const room = held.makeRoom(Object.values(carry));
  const places = Object.fromEntries(
    model.outputNames.map((name) => [name, room[carry[name]] ?? null]),
  );
  const outputs = Object.entries(await model.run(inputs, places));
  const next = outputs.filter(([name]) => carry[name]);
  held.replace(Object.fromEntries(next.map(([name, tensor]) => [carry[name], tensor])));
  return fromRuntime(Object.fromEntries(outputs.filter(([name]) => !carry[name])));
}
