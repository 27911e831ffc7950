import { describe, expect, it } from "vitest";
import { type Explanation, openExplainer } from "../../src/explain/index.ts";
import { differenceOf, explained, NETWORKS } from "./explained.ts";

/** Maps before they were scaled to 1. */
function unscaled({ maps, maxima }: Explanation): Float32Array {
  const places = maps.length / maxima.length;
  return maps.map((value, at) => value * maxima[Math.floor(at / places)]);
}

describe("Grad-CAM of networks from PyTorch", () => {
  for (const name of NETWORKS) {
    it(`is PyTorch's: ${name}`, async () => {
      const { model, inputs, cases } = explained(name);
      const explainer = await openExplainer(model, { device: "cpu", batchSize: 3 });
      for (const [at, one] of cases.entries()) {
        const classes = at === 0 ? "predicted" : one.classes;
        const plain = await explainer.gradCam(inputs, { classes });
        const spread = await explainer.gradCam(inputs, { classes, variant: "grad-cam++" });
        expect([...plain.classes]).toEqual(one.classes);
        expect(differenceOf(plain.scores, one.scores)).toBeLessThan(1e-5);
        expect(differenceOf(unscaled(plain), one.gradCam)).toBeLessThan(1e-4);
        expect(differenceOf(unscaled(spread), one.gradCamPlus)).toBeLessThan(1e-4);
      }
      await explainer.close();
    });
  }
});
