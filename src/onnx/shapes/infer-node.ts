// Type and shape of a node's outputs from those of its inputs, by the operator's rule.

import type { OnnxNode, TensorType } from "../model.ts";
import { castingShapes } from "./casting.ts";
import { convolutionShapes } from "./convolution.ts";
import { elementwiseShapes } from "./elementwise.ts";
import { generationShapes } from "./generation.ts";
import { indexingShapes } from "./indexing.ts";
import { layoutShapes } from "./layout.ts";
import { matrixShapes } from "./matrix.ts";
import { microsoftShapes } from "./microsoft.ts";
import { normalizationShapes } from "./normalization.ts";
import { reductionShapes } from "./reduction.ts";
import {
  inferredNode,
  type KnownTensors,
  type KnownValue,
  type ShapeRules,
  type ValueRule,
} from "./rule.ts";
import { shapeValues } from "./values.ts";

/** Shape rules of ai.onnx by operator. */
const shapeRules: ShapeRules = {
  ...elementwiseShapes,
  ...convolutionShapes,
  ...matrixShapes,
  ...layoutShapes,
  ...reductionShapes,
  ...indexingShapes,
  ...generationShapes,
  ...castingShapes,
  ...normalizationShapes,
};

const valueRules: Readonly<Record<string, ValueRule>> = shapeValues;

/** What is known of a node's outputs. */
export interface InferredOutputs {
  readonly types: readonly (TensorType | undefined)[];
  /** Elements of the first output, where it is a small integer tensor that shapes are computed with. */
  readonly value?: KnownValue;
}

/**
 * Infers the outputs of a node; nothing is known of those of an operator without a rule.
 * @throws RoentgenError "shape-mismatch" that names the operator, its inputs and their shapes
 */
export function inferNode(node: OnnxNode, opset: number, known: KnownTensors): InferredOutputs {
  const seen = inferredNode(node, opset, known);
  if (node.domain === "com.microsoft")
    return { types: microsoftShapes[node.operator]?.(seen) ?? [] };
  if (node.domain !== "") return { types: [] };
  const types = shapeRules[node.operator]?.(seen) ?? [];
  return { types, value: valueRules[node.operator]?.(seen) };
}
