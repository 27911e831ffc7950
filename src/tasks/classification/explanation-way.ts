// The ways to explain an image model, by the names that the command line takes.

import type { ClassChoice, Explainer, Explanation, ImageBatch } from "../../explain/index.ts";

export const explanationWays = [
  "grad-cam",
  "grad-cam++",
  "occlusion",
  "integrated-gradients",
] as const;

export type ExplanationWay = (typeof explanationWays)[number];

/** Explains a batch of prepared images. */
export function explainBatch(
  explainer: Explainer,
  batch: ImageBatch,
  options: { way: ExplanationWay; classes: ClassChoice; signal?: AbortSignal },
): Promise<Explanation> {
  const { way, classes, signal } = options;
  switch (way) {
    case "grad-cam":
    case "grad-cam++":
      return explainer.gradCam(batch, { variant: way, classes, signal });
    case "occlusion":
      return explainer.occlusion(batch, { classes, signal });
    case "integrated-gradients":
      return explainer.integratedGradients(batch, { baseline: "blurred", classes, signal });
    default:
      return way satisfies never;
  }
}
