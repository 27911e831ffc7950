import { describe, expect, it } from "vitest";
import { type Explanation, openExplainer } from "../../src/explain/index.ts";
import { differenceOf, explained, NETWORKS } from "./explained.ts";

/** Maps before they were scaled to 1. */
function unscaled({ maps, maxima }: Explanation): Float32Array {
  const places = maps.length / maxima.length;
  return maps.map((value, at) => value * maxima[Math.floor(at / places)]);
}

describe.each(NETWORKS)("Explanations of a network from PyTorch (%s)", (name) => {
  const { model, inputs, steps, cases } = explained(name);

  it("are PyTorch's, for the predicted classes and for others", async () => {
    const explainer = await openExplainer(model, { device: "cpu", batchSize: 3 });
    for (const [at, one] of cases.entries()) {
      const classes = at === 0 ? ("predicted" as const) : one.classes;
      const cam = await explainer.gradCam(inputs, { classes });
      expect([...cam.classes]).toEqual(one.classes);
      expect(differenceOf(cam.scores, one.scores)).toBeLessThan(1e-5);
      expect(differenceOf(unscaled(cam), one.gradCam)).toBeLessThan(1e-4);

      const spread = await explainer.gradCam(inputs, { classes, variant: "grad-cam++" });
      expect(differenceOf(unscaled(spread), one.gradCamPlus)).toBeLessThan(1e-4);

      const shares = await explainer.integratedGradients(inputs, { classes, steps });
      expect([...shares.classes]).toEqual(one.classes);
      expect(differenceOf(shares.attributions, one.integratedGradients)).toBeLessThan(1e-4);

      const hiding = { classes, patch: 4, stride: 3, fill: 0.25 };
      const hidden = await explainer.occlusion(inputs, hiding);
      expect([...hidden.classes]).toEqual(one.classes);
      expect(differenceOf(hidden.falls, one.occlusion)).toBeLessThan(1e-4);
    }
    await explainer.close();
  });
});
