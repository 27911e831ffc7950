// The layer that Grad-CAM looks at: the last maps before they are pooled or flattened, or the tokens that go into the last
// attention; where scores are the mean of several networks, that of each.

import { RoentgenError } from "../base/index.ts";
import { type Dimension, inferTypes, type OnnxNode } from "../onnx/index.ts";
import type { ExplainedModel } from "./explained-model.ts";
import { leadsThrough, madeFrom, makerOf, neededFor } from "./tensor-flow.ts";

/** A tensor with a value for every place of a grid over the image. */
export interface FeatureLayer {
  /** [N, channels, …grid], or [N, tokens, channels]. */
  readonly tensor: string;
  /** Lengths of the grid: [height, width] or [depth, height, width]. */
  readonly grid: readonly number[];
  /** Of tokens: how many stand before those of the grid, such as that of the class. */
  readonly tokensBefore?: number;
}

/** Operators that keep or make maps with the channels at axis 1. */
const MAPS =
  /^(Conv|ConvTranspose|(Batch|Instance|Group|Lp)Normalization|LRN|(Max|Average|Lp|GlobalAverage|GlobalMax)Pool|Resize|Pad|Slice|Concat|DepthToSpace|SpaceToDepth)$/;
/** Operators that act on each element, or on elements at the same place of several tensors. */
const ELEMENTWISE =
  /^(Identity|Dropout|Add|Sub|Mul|Div|Sum|Max|Min|Pow|Sqrt|Relu|LeakyRelu|PRelu|Elu|Selu|Celu|Gelu|Sigmoid|Tanh|HardSwish|HardSigmoid|Clip|Mish|Softplus|Swish|Erf|Exp|Cast)$/;
const POOLS = /^(MaxPool|AveragePool|LpPool|Dropout|Identity)$/;
const ATTENTION = /^(Softmax|Attention|MultiHeadAttention)$/;
const PROJECTIONS = /^(MatMul|Gemm|Einsum|Attention|MultiHeadAttention|FusedMatMul)$/;

/**
 * The layer of a name, of a layer or tensor; without one the last of each network that has a grid.
 * @throws RoentgenError "value-missing" where there is none
 */
export function featureLayers(model: ExplainedModel, name?: string): FeatureLayer[] {
  if (name !== undefined) return [featureLayer(model, name)];
  const found = networksOf(model).map((scores) => featureLayer({ ...model, scores }));
  // Networks may have their first layers in common, up to the last with a grid.
  return [...new Map(found.map((layer) => [layer.tensor, layer])).values()];
}

/** The scores of each network, where those of the model are their mean. */
function networksOf({ model, scores }: ExplainedModel): readonly string[] {
  const maker = makerOf(model.graph, scores);
  return maker?.operator === "Mean" && maker.domain === "" ? maker.inputs : [scores];
}

function featureLayer(model: ExplainedModel, name?: string): FeatureLayer {
  const lookup = lookAt(model);
  if (name === undefined) {
    const maps = lastMaps(lookup);
    return tokensOfLastAttention(lookup, maps) ?? beforePools(lookup, maps);
  }
  const layer = model.network.layers.find((one) => one.name === name);
  const tensor = layer?.output ?? name;
  const found = lookup.needed.has(tensor) && (mapsAt(lookup, tensor) ?? tokensAt(lookup, tensor));
  if (found) return found;
  throw noLayer(
    `a layer or tensor [N, channels, …] with a grid, or [N, tokens, channels]`,
    `"${name}"`,
  );
}

interface Lookup {
  readonly model: ExplainedModel;
  readonly shapeOf: (tensor: string) => readonly Dimension[] | undefined;
  /** Tensors between the images and the scores. */
  readonly needed: ReadonlySet<string>;
  /** Those whose last axes are places in the image. */
  readonly maps: ReadonlySet<string>;
}

function lookAt(model: ExplainedModel): Lookup {
  const { graph } = model.model;
  const types = inferTypes(model.model);
  const shapeOf = (tensor: string) => types.get(tensor)?.shape;
  const after = madeFrom(graph, [model.input]);
  const before = neededFor(graph, model.scores);
  const needed = new Set([...after].filter((name) => before.has(name)));
  return { model, shapeOf, needed, maps: mapsOf(model, shapeOf) };
}

function mapsOf(
  { model: { graph }, input, imageShape }: ExplainedModel,
  shapeOf: Lookup["shapeOf"],
): Set<string> {
  const maps = new Set([input]);
  const sizes = (tensor: string) => shapeOf(tensor)?.slice(2).join();
  const keepsPlaces = ({ operator, inputs, outputs }: OnnxNode) =>
    ELEMENTWISE.test(operator) &&
    inputs.some((name) => maps.has(name) && sizes(name) === sizes(outputs[0]));
  const makesMaps = ({ operator, inputs }: OnnxNode) =>
    /^Conv/.test(operator) || (MAPS.test(operator) && inputs.some((name) => maps.has(name)));
  for (const node of graph.nodes) {
    const rank = shapeOf(node.outputs[0])?.length;
    if (rank !== imageShape.length + 1) continue;
    if (makesMaps(node) || keepsPlaces(node)) maps.add(node.outputs[0]);
  }
  return maps;
}

/** Lengths of the grid of maps; none where they have but one place. */
function gridOf({ shapeOf }: Lookup, tensor: string): readonly number[] | undefined {
  const grid = shapeOf(tensor)?.slice(2) ?? [];
  const isKnown = grid.every((length) => typeof length === "number");
  return isKnown && grid.some((length) => length !== 1) ? (grid as number[]) : undefined;
}

function mapsAt(lookup: Lookup, tensor: string): FeatureLayer | undefined {
  const grid = gridOf(lookup, tensor);
  const rank = lookup.shapeOf(tensor)?.length;
  return grid && rank === lookup.model.imageShape.length + 1 ? { tensor, grid } : undefined;
}

/** The last maps with a grid that a convolution has made. */
function lastMaps(lookup: Lookup): FeatureLayer {
  const { model, needed, maps } = lookup;
  const { nodes } = model.model.graph;
  const learnt = madeFrom(
    model.model.graph,
    nodes.filter(({ operator }) => /^Conv/.test(operator)).flatMap(({ outputs }) => outputs),
  );
  const names = nodes.flatMap(({ outputs }) => outputs).reverse();
  for (const tensor of names) {
    if (!needed.has(tensor) || !maps.has(tensor) || !learnt.has(tensor)) continue;
    const layer = mapsAt(lookup, tensor);
    if (layer) return layer;
  }
  throw noLayer(
    "a convolution whose maps reach the scores",
    "none",
    "Explain it by occlusion or integrated gradients.",
  );
}

/** What goes into pools at the end: finer than what comes out. */
function beforePools(lookup: Lookup, layer: FeatureLayer): FeatureLayer {
  const node = makerOf(lookup.model.model.graph, layer.tensor);
  if (!node || !POOLS.test(node.operator)) return layer;
  const before = lookup.maps.has(node.inputs[0]) && mapsAt(lookup, node.inputs[0]);
  return before ? beforePools(lookup, before) : layer;
}

/**
 * Tokens of a vision transformer before the last attention mixes them: behind it, a class token alone reaches the scores.
 */
function tokensOfLastAttention(lookup: Lookup, patches: FeatureLayer): FeatureLayer | undefined {
  const { model, needed } = lookup;
  const { graph } = model.model;
  const after = madeFrom(graph, [patches.tensor]);
  const isBetween = (tensor: string) => needed.has(tensor) && after.has(tensor);
  const attention = graph.nodes
    .filter(({ operator, outputs }) => ATTENTION.test(operator) && isBetween(outputs[0]))
    .findLast(({ outputs }) => (lookup.shapeOf(outputs[0])?.length ?? 0) > 2)?.outputs[0];
  if (attention === undefined) return undefined;
  const mixed = neededFor(graph, attention);
  const tokens = graph.nodes
    .flatMap(({ outputs }) => outputs)
    .filter((name) => isBetween(name) && mixed.has(name) && tokensAt(lookup, name, patches));
  const isOnAllWays = (through: string, to: string) =>
    leadsThrough(graph, { from: patches.tensor, to, through });
  const stream = tokens.findLastIndex((name) => isOnAllWays(name, model.scores));
  let found = tokens[stream];
  // Normalised tokens, as far as nothing has been projected yet.
  for (const name of tokens.slice(stream + 1)) {
    if (PROJECTIONS.test(makerOf(graph, name)?.operator ?? "")) break;
    if (isOnAllWays(name, attention)) found = name;
  }
  return found === undefined ? undefined : tokensAt(lookup, found, patches);
}

/** A tensor [N, tokens, channels] whose last tokens are those of the patches. */
function tokensAt(
  lookup: Lookup,
  tensor: string,
  patches: FeatureLayer = lastMaps(lookup),
): FeatureLayer | undefined {
  const [batch, tokens, ...channels] = lookup.shapeOf(tensor) ?? [];
  const places = patches.grid.reduce((product, length) => product * length, 1);
  const isTokens = batch === lookup.shapeOf(lookup.model.input)?.[0] && channels.length === 1;
  if (!isTokens || typeof tokens !== "number" || tokens < places) return undefined;
  return { tensor, grid: patches.grid, tokensBefore: tokens - places };
}

function noLayer(expected: string, found: string, remedy?: string): RoentgenError {
  return new RoentgenError("value-missing", {
    problem: "Cannot find the layer to explain the model by",
    expected,
    found,
    remedy: remedy ?? "`summary` lists the layers.",
    subject: "layer",
  });
}
