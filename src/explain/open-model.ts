// A model that is kept open while images are explained: each graph is made and loaded once, when it is first needed.

import {
  encodeModel,
  type OnnxModel,
  openSession,
  planarConvolutions,
  type Session,
  type SessionOptions,
  scheduleNodes,
} from "../onnx/index.ts";
import type { ExplainedModel } from "./explained-model.ts";
import { type FeatureLayer, featureLayers } from "./feature-layer.ts";

/** What ways of explaining work on. */
export interface OpenModel {
  readonly model: ExplainedModel;
  /** The layers that Grad-CAM looks at, one a network; looked for when they are first asked for. */
  readonly layers: () => readonly FeatureLayer[];
  /** Images that go through the model at once. */
  readonly batchSize: number;
  /** The session of a graph, loaded at the first call. */
  session(name: string, build: () => OnnxModel): Promise<Session>;
  close(): Promise<void>;
}

export interface OpenModelOptions extends SessionOptions {
  /** The layer or tensor that Grad-CAM looks at; by default the last with a grid. */
  layer?: string;
  batchSize: number;
}

/** Opens nothing yet: a graph of the model is loaded when it is asked for. */
export function openModel(
  model: ExplainedModel,
  { layer: name, batchSize, device, threads }: OpenModelOptions,
): OpenModel {
  const sessions = new Map<string, Promise<Session>>();
  let layers: readonly FeatureLayer[] | undefined;

  function session(key: string, build: () => OnnxModel): Promise<Session> {
    const known = sessions.get(key);
    if (known) return known;
    const opened = openSession(encodeModel(forRuntime(build())), { device, threads });
    sessions.set(key, opened);
    return opened;
  }

  return {
    model,
    layers: () => {
      layers ??= featureLayers(model, name);
      return layers;
    },
    batchSize,
    session,
    async close() {
      const all = [...sessions.values()];
      sessions.clear();
      for (const one of await Promise.allSettled(all)) {
        if (one.status === "fulfilled") await one.value.close();
      }
    },
  };
}

/** As steps of training are arranged: tensors live short, volumes are convolved plane by plane. */
function forRuntime(model: OnnxModel): OnnxModel {
  return scheduleNodes(planarConvolutions(model));
}
