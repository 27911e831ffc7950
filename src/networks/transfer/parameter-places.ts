// Where constants stand in a graph: which operator takes them, and as what.

import { type ElementType, inferTypes, type OnnxModel, type OnnxNode } from "../../onnx/index.ts";

/** An input of a node that constants go into. */
export interface Place {
  readonly node: OnnxNode;
  /** "weight", "bias", "running_mean", "running_var". */
  readonly role: string;
  /** Whether the constant is transposed on its way there. */
  readonly isTransposed: boolean;
}

const AFFINE = { 1: "weight", 2: "bias" };

const RECURRENT = { 1: "input_weight", 2: "state_weight", 3: "bias", 7: "peephole" };

/** What constants at the inputs of operators of ai.onnx are. Others are no parameters by their place. */
const ROLES: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  Conv: AFFINE,
  ConvTranspose: AFFINE,
  Gemm: { 0: "weight", ...AFFINE },
  MatMul: { 0: "weight", 1: "weight" },
  Einsum: { 0: "weight", 1: "weight" },
  BatchNormalization: { ...AFFINE, 3: "running_mean", 4: "running_var" },
  InstanceNormalization: AFFINE,
  GroupNormalization: AFFINE,
  LayerNormalization: AFFINE,
  RMSNormalization: AFFINE,
  PRelu: { 1: "weight" },
  Gather: { 0: "weight" },
  RNN: RECURRENT,
  GRU: RECURRENT,
  LSTM: RECURRENT,
  Add: { 0: "bias", 1: "bias" },
  Mul: { 0: "weight", 1: "weight" },
};

/** Running statistics follow the batches; gradients never change them. */
export const isStatistic = ({ role }: Place) => role.startsWith("running_");

/** Whether a weight of a dense layer is [features, units], as Keras has it, rather than [units, features]. */
export function isFeaturesFirst({ node, role, isTransposed }: Place): boolean {
  const isDense = node.operator === "MatMul" || node.operator === "Gemm";
  if (!isDense || role !== "weight") return false;
  const isTurned = node.operator === "Gemm" && Number(node.attributes.transB?.value ?? 0) === 1;
  return isTurned === isTransposed;
}

/** Constants that a tensor is computed from, and whether by a transposition of two axes. */
interface Origin {
  readonly names: ReadonlySet<string>;
  readonly isTransposed: boolean;
}

/** Operators that give the numbers of their first input in another arrangement, which other inputs may say. */
const ARRANGEMENTS = new Set("Expand Reshape Slice Squeeze Tile Transpose Unsqueeze".split(" "));

/** The places of all constants of floating point numbers; one that is computed from others stands for them. */
export function findPlaces(model: OnnxModel): ReadonlyMap<string, readonly Place[]> {
  const { initializers, nodes } = model.graph;
  const types = inferTypes(model);
  const places = new Map<string, Place[]>();
  const constants = new Set(initializers.map(({ name }) => name));
  const origins = new Map<string, Origin>();
  for (const { name, type } of initializers) {
    if (isFloating(type)) origins.set(name, { names: new Set([name]), isTransposed: false });
  }
  for (const node of nodes) {
    for (const [at, input] of node.inputs.entries()) {
      const origin = origins.get(input);
      const role = roleOf(node, at, types.get(node.outputs[0])?.shape?.length);
      if (!origin || !role) continue;
      for (const name of origin.names) {
        const place = { node, role, isTransposed: origin.isTransposed };
        places.set(name, [...(places.get(name) ?? []), place]);
      }
    }
    const isConstant = node.inputs.every((name) => name === "" || constants.has(name));
    const isArranged = ARRANGEMENTS.has(node.operator) && origins.has(node.inputs[0]);
    if (isConstant) for (const output of node.outputs) constants.add(output);
    if (!isConstant && !isArranged) continue;
    const origin = originOf(node, origins);
    if (origin.names.size > 0) for (const output of node.outputs) origins.set(output, origin);
  }
  return places;
}

/** Whether elements are floating point numbers of any width. */
export const isFloating = (type: ElementType) => /^b?float(16|32|64)$/.test(type);

function roleOf(node: OnnxNode, at: number, rank: number | undefined): string | undefined {
  if (node.domain !== "") return undefined;
  if (node.operator === "Concat") return isOfTokens(node, rank) ? "weight" : undefined;
  return ROLES[node.operator]?.[at];
}

/** Tokens of a transformer are put before those of the patches: [batch, tokens, width] along the second axis. */
function isOfTokens({ attributes: { axis } }: OnnxNode, rank: number | undefined): boolean {
  return rank === 3 && axis?.kind === "int" && [1, -2].includes(Number(axis.value));
}

function originOf(node: OnnxNode, origins: ReadonlyMap<string, Origin>): Origin {
  // The shape of a weight says nothing of its numbers.
  const sources = node.operator === "Shape" ? [] : node.inputs.map((name) => origins.get(name));
  const known = sources.filter((one) => one !== undefined);
  const wasTransposed = known.some(({ isTransposed }) => isTransposed);
  return {
    names: new Set(known.flatMap(({ names }) => [...names])),
    isTransposed: wasTransposed !== (node.operator === "Transpose"),
  };
}
