import { describe, expect, it } from "vitest";
import { openExplainer } from "../../src/explain/index.ts";
import { buildArchitecture } from "../../src/networks/index.ts";

describe("The layer that Grad-CAM looks at", () => {
  it.each([
    ["cnn", /^Relu/, [29, 29]],
    ["compact", /^Relu/, [2, 2]],
    ["resnet18", /^Relu_16/, [2, 2]],
    ["densenet121", /^Relu_120/, [2, 2]],
    ["efficientnet_b0", /^Mul/, [2, 2]],
    ["mobilenet_v3_small", /^HardSwish_17/, [2, 2]],
    // The first normalisation of the twelfth block.
    ["vit_s16", /^LayerNormalization_22/, [4, 4]],
  ] as const)("is found in %s", async (name, tensor, grid) => {
    const network = buildArchitecture(name, { input: [3, 64, 64], classes: 3, seed: 1 });
    const explainer = await openExplainer(network, { device: "cpu", batchSize: 1 });
    const layer = explainer.layers()[0];
    expect(layer.tensor).toMatch(tensor);
    expect(layer.grid).toEqual(grid);
    await explainer.close();
  });

  it("is found in volumes", async () => {
    const network = buildArchitecture("resnet3d_18", {
      input: [1, 16, 32, 32],
      classes: 2,
      seed: 1,
    });
    const explainer = await openExplainer(network, { device: "cpu", batchSize: 1 });
    expect(explainer.layers()[0].grid).toEqual([2, 2, 2]);
    await explainer.close();
  });
});
