import { describe, expect, it } from "vitest";
import { randomStream } from "../../src/base/index.ts";
import { gradCam, openExplainer } from "../../src/explain/index.ts";
import { convolution, dense, globalAveragePool, sequential } from "../../src/networks/index.ts";
import { decodeModel, encodeModel } from "../../src/onnx/index.ts";
import {
  type DeployModelOptions,
  deployModel,
} from "../../src/tasks/classification/deploy-model.ts";

const cpu = { device: "cpu" } as const;
const shape = [3, 3, 10, 12];
const draw = randomStream({ seed: 1, purpose: "pixels" });
const data = Float32Array.from({ length: 3 * 3 * 120 }, () => draw.uniform());

const classifier = (units: number) =>
  sequential(
    [
      convolution({ filters: 4, kernel: 3, activation: "relu", name: "maps" }),
      globalAveragePool(),
      dense({ units, activation: units === 1 ? "sigmoid" : "softmax" }),
    ],
    { input: [3, 10, 12], seed: 3 },
  );

/** As a bundle has it: written and read again. */
function deployed(units: number, options: Omit<DeployModelOptions, "network" | "features">) {
  const network = classifier(units);
  const features = network.layers[1].output;
  const { model, tensors } = deployModel({ network, features, ...options });
  return { network, model: decodeModel(encodeModel(model)), output: tensors.scores };
}

describe("A deployed model", () => {
  it.each([
    [1, ["no", "yes"]],
    [3, ["a", "b", "c"]],
  ] as const)(
    "of %i scores is explained as the network that it was made of",
    async (units, classes) => {
      const { network, model } = deployed(units, {
        target: { kind: "classes", classes },
        calibration: { method: "temperature", temperature: 1.7, n: 9 },
      });
      for (const label of classes.keys()) {
        const own = await gradCam(network, { shape, data }, { ...cpu, classes: label });
        // The scores are the first of its outputs.
        const found = await gradCam(model, { shape, data }, { ...cpu, classes: label });
        expect([...found.scores].map((one) => one.toFixed(5))).toEqual(
          [...own.scores].map((one) => one.toFixed(5)),
        );
        own.maps.forEach((value, at) => {
          expect(found.maps[at]).toBeCloseTo(value, 4);
        });
      }
    },
  );

  it("that scales pixels shows the same maps as the network shows of scaled ones", async () => {
    const [mean, deviation] = [
      [100, 110, 120],
      [50, 60, 70],
    ];
    const scaling = { order: "BGR", factor: 255, mean, deviation } as const;
    const target = { kind: "labels", labels: ["x", "y", "z"] } as const;
    const { network, model, output } = deployed(3, { target, scaling });
    const scaled = data.map((_, at) => {
      const [image, channel, place] = [Math.floor(at / 360), Math.floor(at / 120) % 3, at % 120];
      const pixel = data[image * 360 + (2 - channel) * 120 + place];
      return (pixel * 255 - scaling.mean[channel]) / scaling.deviation[channel];
    });
    const own = await gradCam(network, { shape, data: scaled }, { ...cpu, classes: 1 });
    const explainer = await openExplainer(model, { ...cpu, output });
    const found = await explainer.gradCam({ shape, data }, { classes: 1 });
    await explainer.close();
    own.maps.forEach((value, at) => {
      expect(found.maps[at]).toBeCloseTo(value, 3);
    });
  });
});
