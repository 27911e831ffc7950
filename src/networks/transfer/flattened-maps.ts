// Dense layers behind a Flatten: in Keras their features come with the channels last, in a graph with them first.

import { inferTypes, type OnnxModel, type OnnxNode } from "../../onnx/index.ts";

/** Operators that give maps with their channels at axis 1. */
const MAPS =
  /^(Conv|ConvTranspose|BatchNormalization|InstanceNormalization|GroupNormalization|\w*Pool|Resize)$/;
/** Operators that leave the meaning of axes as it is. */
const ELEMENTWISE =
  /^(Identity|Dropout|Add|Mul|Relu|LeakyRelu|PRelu|Elu|Selu|Gelu|Sigmoid|Tanh|HardSwish|HardSigmoid|Clip|Mish|Softplus|Swish)$/;

/** Lengths [channels, …] of the maps that dense layers see flattened, where there is more than one position. */
export function flattenedMaps(model: OnnxModel): ReadonlyMap<OnnxNode, readonly number[]> {
  const { nodes, inputs } = model.graph;
  const types = inferTypes(model);
  const producers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node])));
  const isInput = (name: string) => inputs.some((input) => input.name === name);
  const found = new Map<OnnxNode, readonly number[]>();

  /** The tensor before operators that act element by element. */
  function behindElementwise(name: string): string {
    const node = producers.get(name);
    return node && ELEMENTWISE.test(node.operator) ? behindElementwise(node.inputs[0]) : name;
  }

  for (const node of nodes) {
    if (node.operator !== "Gemm" && node.operator !== "MatMul") continue;
    const flatten = producers.get(behindElementwise(node.inputs[0]));
    if (flatten?.operator !== "Flatten" && flatten?.operator !== "Reshape") continue;
    const before = behindElementwise(flatten.inputs[0]);
    const isMap = isInput(before) || MAPS.test(producers.get(before)?.operator ?? "");
    const map = types.get(flatten.inputs[0])?.shape?.slice(1) ?? [];
    const isWide = map.length > 1 && map.slice(1).some((length) => length !== 1);
    if (isMap && isWide && map.every((length) => typeof length === "number")) {
      found.set(node, map as number[]);
    }
  }
  return found;
}
