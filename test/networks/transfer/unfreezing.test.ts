import { describe, expect, it } from "vitest";
import {
  adam,
  addHead,
  arraySource,
  binaryCrossEntropy,
  buildArchitecture,
  classificationHead,
  dense,
  networkFromModel,
  parametersOf,
  parameterValues,
  replaceHead,
  sequential,
  train,
  unfreezingStages,
} from "../../../src/networks/index.ts";
import { exported } from "./exported.ts";

const headed = (name: string, input: number[]) =>
  addHead(buildArchitecture(name, { input, includeTop: false, initialise: false }), {
    head: classificationHead({ outputs: 1, hidden: 4 }),
  });

describe("Unfreezing", () => {
  it("goes from the head backwards by blocks, each at a lower rate", () => {
    const network = headed("vgg16", [1, 32, 32]);
    const stages = unfreezingStages(network, { head: "dense*", stages: 3 });
    expect(stages.map(({ layers }) => [layers[0], layers.length])).toEqual([
      ["dense", 2],
      ["block5_conv1", 3],
      ["block1_conv1", 10],
    ]);
    const rate = (parameter: string) =>
      stages[0].groups.find(({ match }) => match(parameter))?.rate;
    expect(rate("dense_1.bias")).toBe(1);
    expect(rate("block5_conv2.weight")).toBeCloseTo(1 / 2.6, 12);
    expect(rate("block4_conv3.bias")).toBeCloseTo(1 / 2.6 ** 2, 12);
    expect(stages.map(({ trainable }) => trainable("block5_conv1.weight"))).toEqual([
      false,
      true,
      true,
    ]);
  });

  it("parts no residual block, and halves what has no resolutions", () => {
    const network = headed("resnet18", [1, 64, 64]);
    const stages = unfreezingStages(network, { head: { after: "layer4" }, stages: 5 });
    const starts = stages.map(({ layers }) => layers.map((one) => one.split(".")[0]));
    expect(starts.map((one) => [...new Set(one)])).toEqual([
      ["dense", "dense_1"],
      ["layer4"],
      ["layer3"],
      ["layer2"],
      ["conv1", "bn1", "layer1"],
    ]);
    const flat = sequential(
      [1, 2, 3, 4, 5].map((at) => dense({ units: 3, name: `d${at}` })),
      { input: [3] },
    );
    expect(unfreezingStages(flat, { head: "d5", stages: 3 }).map(({ layers }) => layers)).toEqual([
      ["d5"],
      ["d3", "d4"],
      ["d1", "d2"],
    ]);
  });

  it.each(["convolutional", "transformer"] as const)(
    "reaches every parameter of the %s network that PyTorch exported, once",
    (name) => {
      const network = replaceHead(networkFromModel(exported(name).model), {
        head: [dense({ units: 2, name: "classes" })],
      });
      for (const count of [1, 2, 4, 50]) {
        const stages = unfreezingStages(network, { head: "classes", stages: count });
        expect(stages.length).toBeLessThanOrEqual(count);
        expect(stages[0].layers).toEqual(["classes"]);
        for (const { name: parameter } of count > 1 ? parametersOf(network) : []) {
          const groups = stages[0].groups.filter(({ match }) => match(parameter));
          expect(groups, parameter).toHaveLength(1);
          expect(stages.at(-1)?.trainable(parameter)).toBe(true);
        }
      }
    },
  );

  it("trains a stage with its rates and leaves the rest", async () => {
    const network = sequential(
      [1, 2, 3].map((at) => dense({ units: at === 3 ? 1 : 2, name: `d${at}` })),
      { input: [2] },
    );
    const data = arraySource({
      ...{ inputs: Float32Array.of(1, 2, -1, 1), targets: Float32Array.of(1, 0), count: 2 },
    });
    const [, second] = unfreezingStages(network, { head: "d3", stages: 3, decay: 10 });
    const { network: after } = await train(network, {
      ...{ data, epochs: 1, batchSize: 2, device: "cpu", threads: 1, ...second },
      ...{ loss: binaryCrossEntropy(), optimiser: adam({ learningRate: 0.01 }) },
    });
    const [old, now] = [network, after].map(parameterValues);
    // Adam's first step is the rate, whatever the gradient.
    const step = (name: string) => Math.abs(Number(now[name].data[0]) - Number(old[name].data[0]));
    expect(step("d3.weight")).toBeCloseTo(0.01, 5);
    expect(step("d2.weight")).toBeCloseTo(0.001, 5);
    expect(step("d1.weight")).toBe(0);
  });
});
