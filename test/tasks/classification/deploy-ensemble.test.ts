// Several networks and mirrored copies in one model: what comes out is the mean that is worked out outside of it.

import { describe, expect, it } from "vitest";
import { randomStream } from "../../../src/base/index.ts";
import { gradCam } from "../../../src/explain/index.ts";
import {
  convolution,
  dense,
  globalAveragePool,
  type Network,
  parameterValues,
  sequential,
  withParameters,
} from "../../../src/networks/index.ts";
import { encodeModel, type OnnxModel, openSession } from "../../../src/onnx/index.ts";
import { fitMahalanobis, mahalanobisScores } from "../../../src/statistics/index.ts";
import { deployEnsemble, deployModel } from "../../../src/tasks/classification/deploy-model.ts";
import type { MirrorAxis } from "../../../src/tasks/classification/mirrored-copies.ts";

const [COUNT, CHANNELS, HEIGHT, WIDTH] = [4, 2, 6, 7];
const shape = [COUNT, CHANNELS, HEIGHT, WIDTH];
const target = { kind: "classes", classes: ["a", "b", "c"] } as const;
const cpu = { device: "cpu", threads: 1 } as const;

function drawn(length: number, purpose: string): Float32Array {
  const draw = randomStream({ seed: 1, purpose });
  return Float32Array.from({ length }, () => draw.uniform());
}

const pixels = drawn(COUNT * CHANNELS * HEIGHT * WIDTH, "pixels");

const network = (seed: number, units = 3) =>
  sequential(
    [
      convolution({ filters: 5, kernel: 3, activation: "relu", name: "conv" }),
      globalAveragePool({ name: "pool" }),
      dense({ units, name: "head" }),
    ],
    { input: [CHANNELS, HEIGHT, WIDTH], seed },
  );
const networks = [1, 2, 3].map((seed) => network(seed));
const features = networks[0].layers.find(({ name }) => name === "pool")!.output;

async function run(model: OnnxModel, data = pixels): Promise<Record<string, number[]>> {
  const session = await openSession(encodeModel(model), cpu);
  const outputs = await session.run({ [session.inputNames[0]]: { type: "float32", shape, data } });
  await session.close();
  return Object.fromEntries(
    Object.entries(outputs).map(([name, tensor]) => [name, [...(tensor.data as Float32Array)]]),
  );
}

const logitsOf = async ({ model }: Network, data = pixels) =>
  Object.values(await run(model, data))[0];

const meanOf = (all: readonly number[][]) =>
  all[0].map((_, at) => all.reduce((sum, one) => sum + one[at], 0) / all.length);

function softmax(logits: readonly number[], temperature = 1): number[] {
  return Array.from({ length: logits.length / 3 }, (_, row) => {
    const powers = logits.slice(3 * row, 3 * row + 3).map((one) => Math.exp(one / temperature));
    const sum = powers.reduce((total, power) => total + power, 0);
    return powers.map((power) => power / sum);
  }).flat();
}

function mirrored(data: Float32Array, axis: MirrorAxis): Float32Array {
  return data.map((_, at) => {
    const [x, y] = [at % WIDTH, Math.floor(at / WIDTH) % HEIGHT];
    const from = axis === "i" ? at - x + (WIDTH - 1 - x) : at + (HEIGHT - 1 - 2 * y) * WIDTH;
    return data[from];
  });
}

function expectClose(found: number[], expected: number[]): void {
  expect(found).toHaveLength(expected.length);
  for (const [at, value] of expected.entries()) expect(found[at]).toBeCloseTo(value, 5);
}

describe("several networks in one model", () => {
  const members = networks.map((one) => ({ network: one, features }));

  it("are averaged before the softmax and its temperature", async () => {
    const expected = softmax(meanOf(await Promise.all(networks.map((one) => logitsOf(one)))), 1.6);
    const calibration = { method: "temperature", temperature: 1.6, n: 9 } as const;
    const { model, tensors } = deployEnsemble({ members, target, calibration });
    const found = await run(model);
    expectClose(found.probabilities, expected);
    expect(tensors).toMatchObject({ scores: "probabilities", features: "features" });
    expect(tensors.network).toEqual({ input: "pixels/scaled", features });
    expect(found.features).toHaveLength(COUNT * 3 * 5);
  });

  it("give each its own scores where they are kept apart", async () => {
    const each = await Promise.all(networks.map(async (one) => softmax(await logitsOf(one))));
    const { model } = deployEnsemble({ members, target, apart: true });
    const expected = Array.from({ length: COUNT }, (_, row) =>
      each.flatMap((one) => one.slice(3 * row, 3 * row + 3)),
    ).flat();
    expectClose((await run(model)).probabilities, expected);
  });

  it("average measurements and distances", async () => {
    const measuring = [1, 2].map((seed) => network(seed, 1));
    const labels = new Int32Array(30);
    const distances = await Promise.all(
      measuring.map((_, at) =>
        fitMahalanobis(drawn(150, `training ${at}`), labels, { classes: ["all"] }),
      ),
    );
    const { model } = deployEnsemble({
      members: measuring.map((one, at) => ({
        ...{ network: one, features, distance: distances[at] },
      })),
      target: { kind: "number" },
    });
    const found = await run(model);
    expectClose(found.value, meanOf(await Promise.all(measuring.map((one) => logitsOf(one)))));
    const own = (member: number) =>
      Float32Array.from({ length: COUNT * 5 }, (_, at) => {
        const row = Math.floor(at / 5);
        return found.features[10 * row + 5 * member + (at % 5)];
      });
    const far = distances.map((fit, at) => [...mahalanobisScores(fit, own(at)).scores]);
    for (const [at, value] of meanOf(far).entries()) {
      expect(Math.abs(found.distance[at] / value - 1)).toBeLessThan(1e-4);
    }
  });

  it("hold once what they have in common", () => {
    const conv = Object.entries(parameterValues(networks[0])).filter(([name]) => /conv/.test(name));
    const frozen = networks.map((one) => withParameters(one, Object.fromEntries(conv)));
    const { model } = deployEnsemble({
      members: frozen.map((one) => ({ network: one, features })),
      target,
    });
    const operators = model.graph.nodes.map(({ operator }) => operator);
    expect(operators.filter((operator) => operator === "Conv")).toHaveLength(1);
    expect(operators.filter((operator) => operator === "Gemm")).toHaveLength(3);
    const weights = model.graph.initializers.filter(({ shape }) => shape.length === 4);
    expect(weights).toHaveLength(1);
  });

  it("are explained by the mean of their maps", async () => {
    const { model, tensors } = deployEnsemble({ members, target });
    const inputs = { shape, data: pixels };
    const asked = { ...cpu, classes: 1, output: tensors.scores };
    const found = await gradCam(model, inputs, asked);
    const each = await Promise.all(
      networks.map((one) => gradCam(one, inputs, { ...cpu, classes: 1 })),
    );
    const places = HEIGHT * WIDTH;
    for (let at = 0; at < COUNT * places; at++) {
      const image = Math.floor(at / places);
      const expected = meanOf(each.map(({ maps, maxima }) => [maps[at] * maxima[image]]))[0];
      expect(found.maps[at] * found.maxima[image]).toBeCloseTo(expected, 5);
    }
  });
});

describe("mirrored copies in the model", () => {
  it.each<[string, MirrorAxis[]]>([
    ["left and right", ["i"]],
    ["left and right and top and bottom", ["i", "j"]],
  ])("are averaged before the softmax: %s", async (_, mirrors) => {
    let copies = [pixels];
    for (const axis of mirrors) {
      copies = [...copies, ...copies.map((data) => mirrored(data, axis))];
    }
    const one = networks[0];
    const scaling = { order: "RGB", factor: 1, mean: [0.5, 0.4], deviation: [0.2, 0.3] } as const;
    const scaled = (data: Float32Array) =>
      data.map((value, at) => {
        const channel = Math.floor(at / (HEIGHT * WIDTH)) % CHANNELS;
        return (value - scaling.mean[channel]) / scaling.deviation[channel];
      });
    const expected = meanOf(await Promise.all(copies.map((data) => logitsOf(one, scaled(data)))));
    const deployed = deployModel({ network: one, features, target, scaling, mirrors });
    const found = await run(deployed.model);
    expectClose(found.probabilities, softmax(expected));
    // An image and its mirror image are the same to it.
    const turned = await run(deployed.model, mirrored(pixels, mirrors[0]));
    expectClose(turned.probabilities, found.probabilities);
    expectClose(turned.features, found.features);
    expect(
      deployed.model.graph.initializers.filter(({ shape }) => shape.length === 4),
    ).toHaveLength(1);
  });

  it("go through each of several networks", async () => {
    const all = networks.flatMap((one) =>
      [pixels, mirrored(pixels, "i")].map((data) => [one, data] as const),
    );
    const expected = meanOf(await Promise.all(all.map(([one, data]) => logitsOf(one, data))));
    const members = networks.map((one) => ({ network: one, features }));
    const { model } = deployEnsemble({ members, target, mirrors: ["i"] });
    expectClose((await run(model)).probabilities, softmax(expected));
  });

  it("leave the map of an image where it was", async () => {
    const one = networks[0];
    const { model, tensors } = deployModel({ network: one, target, mirrors: ["i"] });
    const inputs = { shape, data: pixels };
    const own = await gradCam(one, inputs, { ...cpu, classes: 2 });
    const found = await gradCam(model, inputs, { ...cpu, classes: 2, output: tensors.scores });
    for (const [at, value] of own.maps.entries()) expect(found.maps[at]).toBeCloseTo(value, 4);
  });
});
