// Networks explained in Chromium and in Node: the same maps.

import { describe, expect, it } from "vitest";
import { type Explained, explainPatches } from "./explanations.ts";
import { chromium, runPage } from "./run-page.ts";
import { runtimeFiles } from "./runtime-files.ts";

describe.skipIf(!chromium)("Explanations in Chromium (skipped where there is none)", () => {
  it("are those of Node", async () => {
    const page = runPage<Explained>("explanations-page.ts", { files: runtimeFiles("cpu") });
    const [inNode, inChromium] = await Promise.all([explainPatches(), page]);
    expect(inChromium.classes).toEqual(inNode.classes);
    expect(inChromium.png).toBe(inNode.png);
    for (const [name, map] of Object.entries(inNode.maps)) {
      const apart = map.map((value, at) => Math.abs(value - inChromium.maps[name][at]));
      expect(Math.max(...apart), name).toBeLessThan(1e-4);
    }
    for (const [at, value] of inNode.features.entries()) {
      expect(inChromium.features[at]).toBeCloseTo(value, 4);
    }
  });
});
