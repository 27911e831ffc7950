// Turns inputs that have a default into constants: files before IR 4 list every weight as an input.

import type { OnnxModel } from "../model.ts";

/** The model with only those inputs that have no initializer. */
export function freezeDefaults(model: OnnxModel): OnnxModel {
  const held = new Set(model.graph.initializers.map(({ name }) => name));
  const inputs = model.graph.inputs.filter(({ name }) => !held.has(name));
  const irVersion = Math.max(4, model.irVersion);
  return { ...model, irVersion, graph: { ...model.graph, inputs } };
}
