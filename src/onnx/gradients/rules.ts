// The table of gradient rules by operator.

import type { OnnxNode } from "../model.ts";
import { activationGradients } from "./activation.ts";
import { arithmeticGradients } from "./arithmetic.ts";
import { convolutionGradients } from "./convolution.ts";
import { layoutGradients } from "./layout.ts";
import { matrixGradients } from "./matrix.ts";
import { poolingGradients } from "./pooling.ts";
import { reductionGradients } from "./reduction.ts";
import type { GradientRule } from "./rule.ts";

const rules: Readonly<Record<string, GradientRule>> = {
  ...activationGradients,
  ...arithmeticGradients,
  ...convolutionGradients,
  ...layoutGradients,
  ...matrixGradients,
  ...poolingGradients,
  ...reductionGradients,
};

/** Operators whose outputs do not change with small changes of their inputs: no gradient flows back. */
const flat = new Set(
  (
    "ArgMax ArgMin Shape Size NonZero Ceil Floor Round Sign Not And Or Xor Equal Greater GreaterOrEqual Less " +
    "LessOrEqual IsNaN IsInf OneHot ConstantOfShape RandomNormalLike RandomUniformLike Bernoulli EyeLike Range " +
    "NonMaxSuppression BitShift BitwiseAnd BitwiseOr BitwiseNot BitwiseXor Multinomial Hardmax"
  ).split(" "),
);

const none: GradientRule = () => [];

/** The rule of a node's operator. */
export function gradientRules({ domain, operator }: OnnxNode): GradientRule | undefined {
  if (domain !== "") return undefined;
  return rules[operator] ?? (flat.has(operator) ? none : undefined);
}
