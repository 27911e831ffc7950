// The table of evaluation rules by operator.

import type { OnnxNode } from "../model.ts";
import { activationRules } from "./activation.ts";
import { attentionRules } from "./attention.ts";
import { castingRules } from "./casting.ts";
import { controlFlowRules } from "./control-flow.ts";
import { convolutionRules } from "./convolution.ts";
import { detectionRules } from "./detection.ts";
import { elementwiseRules } from "./elementwise.ts";
import { generationRules } from "./generation.ts";
import { indexingRules } from "./indexing.ts";
import { layoutRules } from "./layout.ts";
import { lossRules } from "./loss.ts";
import { matrixRules } from "./matrix.ts";
import { normalizationRules } from "./normalization.ts";
import { pickingRules } from "./picking.ts";
import { poolingRules } from "./pooling.ts";
import { quantizationRules } from "./quantization.ts";
import { recurrentRules } from "./recurrent.ts";
import { reductionRules } from "./reduction.ts";
import { resamplingRules } from "./resampling.ts";
import type { EvaluationRule, EvaluationRules } from "./rule.ts";
import { sequenceRules } from "./sequence.ts";
import { signalRules } from "./signal.ts";
import { textRules } from "./text.ts";

const rules: EvaluationRules = {
  ...elementwiseRules,
  ...activationRules,
  ...reductionRules,
  ...matrixRules,
  ...convolutionRules,
  ...poolingRules,
  ...normalizationRules,
  ...layoutRules,
  ...indexingRules,
  ...pickingRules,
  ...castingRules,
  ...generationRules,
  ...lossRules,
  ...textRules,
  ...signalRules,
  ...recurrentRules,
  ...quantizationRules,
  ...detectionRules,
  ...sequenceRules,
  ...resamplingRules,
  ...controlFlowRules,
  ...attentionRules,
};

/** The rule of a node's operator. */
export function evaluationRule({ domain, operator }: OnnxNode): EvaluationRule | undefined {
  return domain === "" || domain === "ai.onnx" ? rules[operator] : undefined;
}
