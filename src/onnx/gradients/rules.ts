// The table of gradient rules by operator.

import type { OnnxNode } from "../model.ts";
import { activationGradients, microsoftActivationGradients } from "./activation.ts";
import { arithmeticGradients } from "./arithmetic.ts";
import { attentionGradients } from "./attention.ts";
import { batchNormalizationGradients } from "./batch-normalization.ts";
import { convolutionGradients } from "./convolution.ts";
import { dropoutGradients } from "./dropout.ts";
import { einsumGradients } from "./einsum.ts";
import { elementaryGradients } from "./elementary.ts";
import { gridSampleGradients } from "./grid-sample.ts";
import { indexingGradients } from "./indexing.ts";
import { layoutGradients } from "./layout.ts";
import { lossGradients } from "./loss.ts";
import { matrixGradients, microsoftMatrixGradients } from "./matrix.ts";
import { normalizationGradients } from "./normalization.ts";
import { partGradients } from "./parts.ts";
import { poolingGradients } from "./pooling.ts";
import { recurrentGradients } from "./recurrent.ts";
import { reductionGradients } from "./reduction.ts";
import { resizeGradients } from "./resize.ts";
import { roiAlignGradients } from "./roi-align.ts";
import type { GradientRule, GradientRules } from "./rule.ts";
import { softmaxGradients } from "./softmax.ts";
import { transposedConvolutionGradients } from "./transposed-convolution.ts";

const rules: GradientRules = {
  ...activationGradients,
  ...arithmeticGradients,
  ...attentionGradients,
  ...batchNormalizationGradients,
  ...convolutionGradients,
  ...dropoutGradients,
  ...einsumGradients,
  ...elementaryGradients,
  ...gridSampleGradients,
  ...indexingGradients,
  ...layoutGradients,
  ...lossGradients,
  ...matrixGradients,
  ...normalizationGradients,
  ...partGradients,
  ...poolingGradients,
  ...recurrentGradients,
  ...reductionGradients,
  ...resizeGradients,
  ...roiAlignGradients,
  ...softmaxGradients,
  ...transposedConvolutionGradients,
};

/** Rules of com.microsoft, the domain of ONNX Runtime's own operators. */
const microsoftRules: GradientRules = {
  ...microsoftActivationGradients,
  ...microsoftMatrixGradients,
};

/** Operators whose outputs do not change with small changes of their inputs: no gradient flows back. */
const flat = new Set(
  (
    "ArgMax ArgMin Shape Size NonZero Ceil Floor Round Sign Not And Or Xor Equal Greater GreaterOrEqual Less " +
    "LessOrEqual IsNaN IsInf ConstantOfShape RandomNormalLike RandomUniformLike Bernoulli EyeLike " +
    "NonMaxSuppression BitShift BitwiseAnd BitwiseOr BitwiseNot BitwiseXor Multinomial Hardmax"
  ).split(" "),
);

const none: GradientRule = () => [];

/** The rule of a node's operator. */
export function gradientRules({ domain, operator }: OnnxNode): GradientRule | undefined {
  if (domain === "com.microsoft") return microsoftRules[operator];
  if (domain !== "" && domain !== "ai.onnx") return undefined;
  return rules[operator] ?? (flat.has(operator) ? none : undefined);
}

/** Operators with a gradient of their own, by domain. */
export const differentiableOperators: Readonly<Record<string, readonly string[]>> = {
  "": Object.keys(rules),
  "com.microsoft": Object.keys(microsoftRules),
};
