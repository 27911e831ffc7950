// Which weight of a file is which parameter of a network, by their names: exactly, in the words of PyTorch and Keras, without
// the wrappers that trainers put around networks; in their order only where that is asked for.

/** A parameter or a weight. */
export interface Named {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Other names: of weights by a function, or of weights and beginnings of names ("encoder.") by a record. */
export type NameMapping =
  | Readonly<Record<string, string>>
  | ((weight: string) => string | undefined);

export interface MatchOptions {
  mapping?: NameMapping;
  /** Matches what is left in the order of both sides, where shapes fit. */
  byOrder?: boolean;
  fits: (parameter: Named, weight: Named) => boolean;
}

/** What PyTorch calls the weights that Keras and others call so. */
const PYTORCH_WORDS: Readonly<Record<string, string>> = {
  alpha: "weight",
  beta: "bias",
  depthwise_kernel: "depthwise_weight",
  embeddings: "weight",
  gamma: "weight",
  kernel: "weight",
  moving_mean: "running_mean",
  moving_variance: "running_var",
  pointwise_kernel: "pointwise_weight",
};

/** What PyTorch calls the weights that Keras 1 called so behind the name of their layer, as VGG's published files do. */
const KERAS_1_WORDS: Readonly<Record<string, string>> = {
  W: "weight",
  b: "bias",
  gamma: "weight",
  beta: "bias",
  running_mean: "running_mean",
  // It held variances.
  running_std: "running_var",
};

/** Parts of names that stand for the whole network. */
const WRAPPERS = new Set(
  "_orig_mod backbone base_model encoder features model module net network state_dict".split(" "),
);

/** Weights by the names of the parameters that they are for. */
export function matchNames(
  parameters: readonly Named[],
  weights: readonly Named[],
  { mapping, byOrder = false, fits }: MatchOptions,
): ReadonlyMap<string, Named> {
  const found = new Map<string, Named>();
  const used = new Set<Named>();
  const byName = new Map(parameters.map((one) => [one.name, one]));

  function pair(parameter: Named | undefined, weight: Named): boolean {
    if (!parameter || found.has(parameter.name) || used.has(weight)) return false;
    found.set(parameter.name, weight);
    used.add(weight);
    return true;
  }

  const left = () => ({
    parameters: parameters.filter(({ name }) => !found.has(name)),
    weights: weights.filter((one) => !used.has(one)),
  });

  for (const weight of weights) pair(byName.get(mapped(weight.name, mapping) ?? ""), weight);
  for (const weight of left().weights) pair(byName.get(weight.name), weight);
  for (const key of [canonical, withoutDepthwise]) pairByKey(left(), { pair, keys: [key, key] });
  const { parameters: unnamed, weights: numbered } = left();
  pairByKey(left(), {
    pair,
    keys: [numberInLayer(unnamed, layerOf), numberInLayer(numbered, numberedLayerOf)],
  });
  for (const [own, other] of strippings(parameters, weights)) {
    const keys = [stripping(own), stripping(other)] as const;
    pairByKey(left(), { pair: (a, b) => a !== undefined && fits(a, b) && pair(a, b), keys });
  }
  if (byOrder) pairLayersInOrder(left(), { pair, fits });
  if (byOrder) pairInOrder(left(), { pair, fits });
  return found;
}

interface Sides {
  readonly parameters: readonly Named[];
  readonly weights: readonly Named[];
}

type Pair = (parameter: Named | undefined, weight: Named) => boolean;
type Key = (name: string) => string | undefined;

function mapped(name: string, mapping: NameMapping | undefined): string | undefined {
  if (typeof mapping === "function") return mapping(name);
  if (!mapping || Object.hasOwn(mapping, name)) return mapping?.[name];
  const start = Object.keys(mapping).find((one) => /[./]$/.test(one) && name.startsWith(one));
  return start === undefined ? undefined : `${mapping[start]}${name.slice(start.length)}`;
}

/** Pairs what has one key; a key that comes twice on a side says nothing. */
function pairByKey(
  { parameters, weights }: Sides,
  { pair, keys: [own, other] }: { pair: Pair; keys: readonly [Key, Key] },
): void {
  const unique = onlyOnce(parameters, own);
  for (const [key, weight] of onlyOnce(weights, other)) pair(unique.get(key), weight);
}

function onlyOnce(items: readonly Named[], keyOf: Key): Map<string, Named> {
  const seen = new Map<string, Named[]>();
  for (const item of items) {
    const key = keyOf(item.name);
    if (key) seen.set(key, [...(seen.get(key) ?? []), item]);
  }
  return new Map([...seen].flatMap(([key, all]) => (all.length === 1 ? [[key, all[0]]] : [])));
}

/**
 * Layers that Keras 3 numbers by their class: each takes the first that is left with as many weights of its shapes, since
 * the order holds within a class only.
 */
function pairLayersInOrder(
  { parameters, weights }: Sides,
  { pair, fits }: { pair: Pair; fits: MatchOptions["fits"] },
): void {
  const free = grouped(weights, numberedLayerOf);
  for (const own of grouped(parameters, layerOf)) {
    const at = free.findIndex(
      (layer) => layer.length === own.length && own.every((one, part) => fits(one, layer[part])),
    );
    if (at < 0) continue;
    const [layer] = free.splice(at, 1);
    for (const [part, one] of own.entries()) pair(one, layer[part]);
  }
}

function grouped(items: readonly Named[], keyOf: Key): Named[][] {
  const groups = new Map<string, Named[]>();
  for (const item of items) {
    const key = keyOf(item.name);
    if (key) groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()];
}

function pairInOrder(
  { parameters, weights }: Sides,
  { pair, fits }: { pair: Pair; fits: MatchOptions["fits"] },
): void {
  let next = 0;
  for (const parameter of parameters) {
    const at = weights.findIndex((one, index) => index >= next && fits(parameter, one));
    if (at < 0) continue;
    pair(parameter, weights[at]);
    next = at + 1;
  }
}

/** A name in PyTorch's words; Keras says the layer twice: "dense/dense/kernel:0", Keras 1 "dense/dense_W_1:0". */
function canonical(name: string): string {
  const parts = name.replace(/:\d+$/, "").split(/[./]/);
  const single = parts.filter((part, at) => part !== parts[at - 1]);
  const last = single.pop() ?? "";
  const old = last.startsWith(`${single.at(-1)}_`) && last.slice(`${single.at(-1)}_`.length);
  const word = (old && KERAS_1_WORDS[old.replace(/_\d+$/, "")]) || (PYTORCH_WORDS[last] ?? last);
  return [...single, word].join(".");
}

/** A depthwise convolution alone has one weight. */
const withoutDepthwise: Key = (name) => canonical(name).replace(/\.depthwise_weight$/, ".weight");

const layerOf: Key = (name) => /^(.+)[./][^./]+$/.exec(name)?.[1];

/** Keras 3 numbers the weights of a layer: "dense/vars/0". */
const numberedLayerOf: Key = (name) => /^(.+)\/(?:vars\/|weight_)\d+(?::0)?$/.exec(name)?.[1];

/** The layer, how many it has and the number of each among them: layers match where they have as many. */
function numberInLayer(items: readonly Named[], layer: Key): Key {
  const layers = new Map<string, string[]>();
  for (const { name } of items) {
    const own = layer(name);
    if (own) layers.set(own, [...(layers.get(own) ?? []), name]);
  }
  return (name) => {
    const own = layer(name) ?? "";
    const all = layers.get(own);
    return all && `${canonical(own)} ${all.indexOf(name)} of ${all.length}`;
  };
}

/** Beginnings to leave out: of the parameters' names, of the weights'. */
function* strippings(
  parameters: readonly Named[],
  weights: readonly Named[],
): Generator<readonly [string, string]> {
  const [own, other] = [parameters, weights].map(beginnings);
  for (const one of other) yield ["", one];
  for (const one of own) yield [one, ""];
  for (const a of own) for (const b of other) yield [a, b];
}

/** What most names begin with, and the wrappers that some do, the longest first. */
function beginnings(items: readonly Named[]): string[] {
  const found = new Set<string>();
  const names = items.map(({ name }) => canonical(name).split("."));
  for (const parts of names) {
    for (let length = 1; length < parts.length && WRAPPERS.has(parts[length - 1]); length++) {
      found.add(`${parts.slice(0, length).join(".")}.`);
    }
  }
  // What more than half of them begin with stands in the middle of them all.
  const most = names.map(([first]) => first).sort()[names.length >> 1];
  const within = names.filter(([first]) => first === most);
  const isShared = 2 * within.length > names.length && within.every((parts) => parts.length > 2);
  if (isShared) found.add(`${most}.`);
  return [...found].sort((a, b) => b.length - a.length);
}

function stripping(beginning: string): Key {
  return (name) => {
    const key = canonical(name);
    return key.startsWith(beginning) ? key.slice(beginning.length) : undefined;
  };
}
