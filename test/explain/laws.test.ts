import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomStream } from "../../src/base/index.ts";
import {
  gradCam,
  type ImageBatch,
  integratedGradients,
  occlusion,
  openExplainer,
} from "../../src/explain/index.ts";
import {
  activation,
  batchNormalisation,
  convolution,
  dense,
  flatten,
  globalAveragePool,
  maxPool,
  type Network,
  parameterValues,
  sequential,
  withParameters,
} from "../../src/networks/index.ts";
import { cutModel, evaluate } from "../../src/onnx/index.ts";

const cpu = { device: "cpu" } as const;

function images(shape: readonly number[], seed = 1): ImageBatch {
  const draw = randomStream({ seed, purpose: "images" });
  const length = shape.reduce((product, one) => product * one, 1);
  return { shape, data: Float32Array.from({ length }, () => draw.normal()) };
}

/** Three classes from the means of five maps. */
const pooled = (seed: number) =>
  sequential(
    [
      convolution({ filters: 4, kernel: 3, activation: "relu", padding: "same" }),
      convolution({ filters: 5, kernel: 3, activation: "relu", padding: "same" }),
      globalAveragePool(),
      dense({ units: 3, activation: "softmax", name: "classes" }),
    ],
    { input: [2, 12, 16], seed },
  );

describe("Grad-CAM", () => {
  it("of a dense layer on mean maps is its class activation map (Zhou et al. 2016)", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 99 }), async (seed) => {
        const network = pooled(seed);
        const inputs = images([2, 2, 12, 16], seed);
        const maps = cutModel(network.model, { outputs: [await layerOf(network)] });
        const { data } = Object.values(
          evaluate(maps, { input: { type: "float32", ...inputs } }),
        )[0] as { data: ArrayLike<number> };
        const weights = parameterValues(network)["classes.weight"].data as Float32Array;
        const found = await gradCam(network, inputs, { ...cpu, classes: 1 });
        // Weights are [classes, maps]; the mean over 192 places spreads each over them.
        for (let image = 0; image < 2; image++) {
          const cam = Array.from({ length: 192 }, (_, at) => {
            let sum = 0;
            for (let map = 0; map < 5; map++) {
              sum += weights[5 + map] * data[(image * 5 + map) * 192 + at];
            }
            return Math.max(0, sum) / 192;
          });
          const most = Math.max(...cam);
          expect(found.maxima[image]).toBeCloseTo(most, 6);
          for (const [at, value] of cam.entries()) {
            expect(found.maps[image * 192 + at]).toBeCloseTo(most > 0 ? value / most : 0, 4);
          }
        }
      }),
      { numRuns: 8 },
    );
  });

  it("finds the maps before pools and flattening, or takes those named", async () => {
    const network = sequential(
      [
        convolution({ filters: 3, kernel: 3, name: "first" }),
        batchNormalisation(),
        activation("relu"),
        convolution({ filters: 2, kernel: 3, activation: "relu", name: "second" }),
        maxPool(),
        flatten(),
        dense({ units: 1, activation: "sigmoid" }),
      ],
      { input: [1, 14, 10] },
    );
    const found = await openExplainer(network, cpu);
    expect(found.layers()[0].grid).toEqual([10, 6]);
    expect(found.classes).toBe(2);
    await found.close();
    const named = await openExplainer(network, { ...cpu, layer: "first" });
    expect(named.layers()[0].grid).toEqual([12, 8]);
    const { shape } = await named.gradCam(images([3, 1, 14, 10]));
    expect(shape).toEqual([3, 14, 10]);
    expect((await named.features(images([9, 1, 14, 10]))).shape).toEqual([9, 3]);
    await named.close();
  });

  it("is the same whatever goes through the model beside an image", async () => {
    const network = pooled(3);
    const inputs = images([5, 2, 12, 16]);
    const alone = await gradCam(network, inputs, { ...cpu, batchSize: 1 });
    const together = await gradCam(network, inputs, { ...cpu, batchSize: 4 });
    expect([...together.classes]).toEqual([...alone.classes]);
    together.maps.forEach((value, at) => {
      expect(value).toBeCloseTo(alone.maps[at], 4);
    });
  });

  it("says that nothing speaks for a class by an empty map", async () => {
    const network = pooled(1);
    const classes = parameterValues(network)["classes.weight"];
    const against = { ...classes, data: new Float32Array(15).fill(-1) };
    const changed = withParameters(network, { "classes.weight": against });
    const { maps, maxima } = await gradCam(changed, images([1, 2, 12, 16]), cpu);
    expect(maxima[0]).toBe(0);
    expect(maps.every((value) => value === 0)).toBe(true);
  });

  it("refuses what it can't explain, with the reason", async () => {
    const network = pooled(1);
    const inputs = images([2, 2, 12, 16]);
    const refusals: [object, RegExp][] = [
      [{ classes: 3 }, /from 0 to 2, found 3/],
      [{ classes: [1] }, /a class for each of 2 images, found 1/],
      [{ layer: "none" }, /found "none"/],
      [{ batchSize: 0 }, /batchSize/],
      [{ signal: AbortSignal.abort() }, /cancelled/],
    ];
    for (const [options, reason] of refusals) {
      await expect(gradCam(network, inputs, { ...cpu, ...options })).rejects.toThrow(reason);
    }
    await expect(gradCam(network, images([2, 1, 12, 16]), cpu)).rejects.toThrow(/\[N, 2, 12, 16\]/);
    const flat = sequential([flatten(), dense({ units: 2 })], { input: [1, 4, 4] });
    await expect(gradCam(flat, images([1, 1, 4, 4]), cpu)).rejects.toThrow(/occlusion/);
    const table = sequential([dense({ units: 2 })], { input: [4] });
    await expect(gradCam(table, images([1, 4]), cpu)).rejects.toThrow(/height, width/);
  });
});

/** A network whose dense layer looks at the left half alone. */
function leftSided(seed: number): Network {
  const network = sequential(
    [
      convolution({ filters: 3, kernel: 3, padding: "same", activation: "relu" }),
      flatten(),
      dense({ units: 1, activation: "sigmoid", name: "end" }),
    ],
    { input: [1, 8, 12], seed },
  );
  const weights = parameterValues(network)["end.weight"];
  const data = (weights.data as Float32Array).map((one, at) => (at % 12 < 5 ? one : 0));
  return withParameters(network, { "end.weight": { ...weights, data } });
}

describe("Parts that the score does not hang on", () => {
  it("have no share in it, hidden or integrated", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 99 }), async (seed) => {
        const inputs = images([1, 1, 8, 12], seed);
        const hidden = await occlusion(leftSided(seed), inputs, { ...cpu, patch: 2, stride: 1 });
        const shares = await integratedGradients(leftSided(seed), inputs, { ...cpu, steps: 5 });
        for (let at = 0; at < 96; at++) {
          // The convolution sees one pixel further than the weights of its maps.
          if (at % 12 > 5) expect(Math.abs(shares.attributions[at])).toBe(0);
          if (at % 12 > 6) expect(Math.abs(hidden.falls[at])).toBeLessThan(1e-6);
        }
        expect(hidden.maxima[0]).toBeGreaterThan(0);
      }),
      { numRuns: 8 },
    );
  });
});

describe("Integrated gradients", () => {
  it.each(["black", "mean", "blurred", 0.5] as const)(
    "share out the whole difference of the scores: from %s",
    async (baseline) => {
      const inputs = images([3, 2, 12, 16]);
      const options = { ...cpu, baseline, steps: 200, classes: 2 };
      const { completeness } = await integratedGradients(pooled(5), inputs, options);
      for (const { sum, difference, error } of completeness) {
        expect(error).toBeLessThan(0.02);
        expect(sum).toBeCloseTo(difference, 2);
      }
    },
  );

  it("of a linear model are exact after one step", async () => {
    const linear = sequential(
      [convolution({ filters: 2, kernel: 3 }), flatten(), dense({ units: 2 })],
      { input: [1, 6, 7], seed: 2 },
    );
    const { completeness } = await integratedGradients(linear, images([2, 1, 6, 7]), {
      ...cpu,
      steps: 1,
    });
    for (const { error } of completeness) expect(error).toBeLessThan(1e-5);
  });

  it("of the two classes of one finding are each other's opposite", async () => {
    const inputs = images([2, 1, 8, 12]);
    const [no, yes] = await Promise.all(
      [0, 1].map((classes) => integratedGradients(leftSided(1), inputs, { ...cpu, classes })),
    );
    expect([...no.scores]).toEqual([...yes.scores].map((score) => -score));
    yes.attributions.forEach((share, at) => {
      expect(no.attributions[at]).toBeCloseTo(-share, 5);
    });
  });

  it("report how far they are", async () => {
    const steps: string[] = [];
    await integratedGradients(leftSided(1), images([2, 1, 8, 12]), {
      ...cpu,
      steps: 3,
      onProgress: ({ done, total }) => steps.push(`${done}/${total}`),
    });
    expect(steps).toEqual(["1/2", "2/2"]);
  });
});

describe("Occlusion", () => {
  it("hides all of the image by patches that end at its edge", async () => {
    const inputs = images([1, 1, 8, 12]);
    const { falls } = await occlusion(leftSided(4), inputs, { ...cpu, patch: 5, stride: 4 });
    expect(falls.every(Number.isFinite)).toBe(true);
    const whole = await occlusion(leftSided(4), inputs, { ...cpu, patch: 99 });
    expect(new Set(whole.falls).size).toBe(1);
  });

  it("refuses options that make no sense", async () => {
    const inputs = images([1, 1, 8, 12]);
    const gaps = { patch: 2, stride: 3 };
    for (const options of [
      { patch: 0 },
      { stride: 0 },
      { patch: 1.5 },
      { fill: Number.NaN },
      gaps,
    ]) {
      await expect(occlusion(leftSided(1), inputs, { ...cpu, ...options })).rejects.toThrow(
        /fit|blank|between the patches/,
      );
    }
  });
});

/** The tensor that explanations by maps look at. */
async function layerOf(network: Network): Promise<string> {
  const explainer = await openExplainer(network, cpu);
  const { tensor } = explainer.layers()[0];
  await explainer.close();
  return tensor;
}
