// The layers that a model's configuration lists, by name and class; models within it have layers too.

/** A layer as the configuration names it. */
export interface ConfiguredLayer {
  readonly name: string;
  readonly className: string;
  /** Of a model within the model. */
  readonly layers?: readonly ConfiguredLayer[];
}

/** Models within models beyond this are no work of people. */
const deepest = 16;

/** Layers of a configuration { class_name, config: { layers } } in its order; none where it has none. */
export function configuredLayers(config: unknown, depth = 0): ConfiguredLayer[] {
  const list = fieldsOf(config).config;
  // Keras 1 and early 2 wrote the list itself as a Sequential's configuration.
  const layers = Array.isArray(list) ? list : fieldsOf(list).layers;
  if (!Array.isArray(layers) || depth > deepest) return [];
  return layers.map((layer): ConfiguredLayer => {
    const { class_name: className, name, config: inner } = fieldsOf(layer);
    const within = configuredLayers(layer, depth + 1);
    return {
      name: String(name ?? fieldsOf(inner).name ?? ""),
      className: String(className ?? ""),
      ...(within.length > 0 ? { layers: within } : {}),
    };
  });
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
