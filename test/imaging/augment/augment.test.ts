import { describe, expect, it } from "vitest";
import {
  type Geometry,
  type Image,
  makeImage,
  randomStream,
  type Triple,
} from "../../../src/base/index.ts";
import { poisson } from "../../../src/imaging/augment/poisson.ts";
import {
  applyTransforms,
  defaultAugmentation,
  mixUp,
  randomKinds,
  replayTransforms,
  transformKinds,
} from "../../../src/imaging/index.ts";
import type { TransformStep } from "../../../src/imaging/transform.ts";
import { countedImage, eachIndex, patientGrid, relativeDifference } from "../images.ts";

const grid = patientGrid({ size: [16, 15, 12], spacing: [1, 1, 1.5] });
const film: Geometry = { frame: "pixels", size: [20, 18, 1], spacing: undefined };

function ball(geometry: Geometry): Image {
  const [width, height, depth] = geometry.size;
  const data = new Int16Array(width * height * depth);
  eachIndex(geometry.size, ([i, j, k], at) => {
    const far = Math.hypot(i - width / 2, j - height / 2, k - depth / 2);
    data[at] = far < 5 ? 900 + 10 * i : 100 + j;
  });
  return makeImage({ geometry, data });
}

function ballMask(geometry: Geometry): Image {
  const { data } = ball(geometry);
  return makeImage({ geometry, data: Uint8Array.from(data, (value) => (value >= 900 ? 1 : 0)) });
}

const everyRandomStep = randomKinds.map(({ name }) =>
  name === "random-crop" ? { name, size: [8, 8, 1] } : { name },
);

describe.each([
  ["a volume", grid],
  ["a film", film],
])("every random change of %s", (_, geometry) => {
  const image = ball(geometry);
  const mask = ballMask(geometry);

  it.each(everyRandomStep.map((step) => [step.name, step] as const))(
    "%s: repeats for one seed, differs for another sample, replays from JSON to the bit",
    async (_, step) => {
      const options = { mask, seed: 5, sample: 2, epoch: 1 };
      const first = await applyTransforms(image, [step], options);
      const again = await applyTransforms(image, [step], options);
      expect(again).toEqual(first);
      const others = [3, 4, 5, 6].map((sample) =>
        applyTransforms(image, [step], { ...options, sample }),
      );
      const differs = (await Promise.all(others)).some(
        (other) => JSON.stringify(other.applied) !== JSON.stringify(first.applied),
      );
      expect(differs).toBe(true);
      const record = JSON.parse(JSON.stringify(first.applied));
      expect((await replayTransforms(image, record)).data).toEqual(first.image.data);
      const replayed = await replayTransforms(mask, record, { interpolation: "nearest" });
      expect(replayed.data).toEqual(first.mask?.data);
      expect(first.mask?.geometry).toEqual(first.image.geometry);
      expect(new Set([0, 1, ...(first.mask?.data ?? [])]).size).toBe(2);
    },
  );
});

describe("random changes", () => {
  it("do nothing with probability 0, and are recorded only when they do", async () => {
    const image = ball(grid);
    const steps = everyRandomStep.map((step) => ({ ...step, probability: 0 }));
    const result = await applyTransforms(image, steps, { mask: ballMask(grid) });
    expect(result.applied).toEqual([]);
    expect(result.image).toBe(image);
  });

  it("occur as often as their probability says", async () => {
    const image = countedImage({ frame: "pixels", size: [2, 2, 1], spacing: undefined });
    let occurred = 0;
    for (let sample = 0; sample < 400; sample++) {
      const step = { name: "random-blur", probability: 0.3 };
      occurred += (await applyTransforms(image, [step], { sample })).applied.length;
    }
    expect(Math.abs(occurred / 400 - 0.3)).toBeLessThan(0.08);
  });

  it("of space share one resampling: a turn and its opposite leave the image as it was", async () => {
    const image = ball(grid);
    const turn = { name: "centre-affine", degrees: [10, 20, 30], scale: 1.2, outside: 0 };
    // By hand: the inverse of R · scale about the centre, in reverse order of axes.
    const steps: TransformStep[] = [
      turn,
      { name: "centre-affine", scale: 1 / 1.2, outside: 0 },
      { name: "centre-affine", degrees: -30, outside: 0 },
      { name: "centre-affine", degrees: [0, -20, 0], outside: 0 },
      { name: "centre-affine", degrees: [-10, 0, 0], outside: 0 },
    ];
    const { image: same, applied } = await applyTransforms(image, steps);
    expect(applied).toHaveLength(5);
    expect(relativeDifference(same.data, image.data)).toBeLessThan(1e-6);
  });

  it("keep an image of one slice in its plane", async () => {
    const image = ball(film);
    for (let sample = 0; sample < 20; sample++) {
      const step = {
        name: "random-affine",
        translation: [-3, 3],
        shear: [-0.1, 0.1],
        isotropic: false,
      };
      const { applied } = await applyTransforms(image, [step], { sample });
      const { degrees, scale, shear, translation } = applied[0].settings as Record<
        string,
        number[]
      >;
      expect([degrees[0], degrees[1], scale[2], shear[1], shear[2], translation[2]]).toEqual([
        0, 0, 1, 0, 0, 0,
      ]);
    }
  });
});

describe("patches", () => {
  it("lie about foreground as often as asked, each label as often as the other", async () => {
    const size: Triple = [40, 40, 10];
    const data = new Uint8Array(16000);
    data.fill(1, 0, 30);
    data[16000 - 1] = 2;
    const geometry = patientGrid({ size });
    const mask = makeImage({ geometry, data });
    const counts = [0, 0, 0];
    for (let sample = 0; sample < 300; sample++) {
      const step = { name: "random-crop", size: [6, 6, 4], foregroundProbability: 0.8 };
      const { mask: patch } = await applyTransforms(mask, [step], { mask, sample });
      expect(patch?.geometry.size).toEqual([6, 6, 4]);
      counts[Math.max(...patch!.data)] += 1;
    }
    expect(counts[1] + counts[2]).toBeGreaterThan(0.72 * 300);
    expect(Math.abs(counts[1] - counts[2])).toBeLessThan(60);
  });

  it("of images that are too short are padded", async () => {
    const image = ball(film);
    const step = { name: "random-crop", size: [32, 8, 4], foregroundProbability: 0, outside: -5 };
    const { image: patch, applied } = await applyTransforms(image, [step]);
    expect(patch.geometry.size).toEqual([32, 8, 4]);
    expect(applied.map(({ name }) => name)).toEqual(["pad-to-size", "crop"]);
  });

  it("about foreground need a mask", async () => {
    const step = { name: "random-crop", size: [4, 4, 1] };
    await expect(applyTransforms(ball(film), [step])).rejects.toThrow(/there is no mask/);
  });
});

describe("noise", () => {
  const geometry = patientGrid({ size: [60, 60, 20] });
  const flat = (value: number) =>
    makeImage({ geometry, data: new Float32Array(72000).fill(value) });

  function meanAndVariance(values: ArrayLike<number>) {
    let sum = 0;
    let squares = 0;
    for (let at = 0; at < values.length; at++) {
      sum += values[at];
      squares += values[at] ** 2;
    }
    const mean = sum / values.length;
    return { mean, variance: squares / values.length - mean * mean };
  }

  // Rayleigh at signal 0: mean σ √(π/2), variance (2 − π/2) σ².
  it.each([
    ["gaussian", 100, 5, 100, 25],
    ["speckle", 100, 0.05, 100, 25],
    ["rician", 0, 5, 5 * Math.sqrt(Math.PI / 2), (2 - Math.PI / 2) * 25],
    ["rician", 1000, 5, Math.hypot(1000, 5) - 0.01, 25],
  ])(
    "%s on %d has the mean and variance that it should",
    async (distribution, value, sd, mean, variance) => {
      const step = { name: "noise", distribution, sd, seed: 3 };
      const { image } = await applyTransforms(flat(value), [step]);
      const found = meanAndVariance(image.data);
      expect(Math.abs(found.mean - mean)).toBeLessThan(0.1);
      expect(Math.abs(found.variance / variance - 1)).toBeLessThan(0.03);
    },
  );

  it.each([0.3, 4, 9.99, 10, 25, 300, 1e6])(
    "of Poisson counts %d has that mean and variance",
    (expected) => {
      const random = randomStream({ seed: 1, purpose: "test/poisson" });
      const counts = Array.from({ length: 20_000 }, () => poisson(random, expected));
      const { mean, variance } = meanAndVariance(counts.map((count) => count - expected));
      expect(Math.abs(mean) / Math.sqrt(expected / 20_000)).toBeLessThan(4);
      expect(Math.abs(variance / expected - 1)).toBeLessThan(0.06);
      expect(counts.every((count) => Number.isInteger(count) && count >= 0)).toBe(true);
    },
  );

  it("of Poisson counts keeps the lowest value and scales with the range", async () => {
    const data = Float32Array.from({ length: 72000 }, (_, at) => (at % 2 === 0 ? -1000 : 1000));
    const step = { name: "poisson-noise", counts: 400, seed: 1 };
    const { image } = await applyTransforms(makeImage({ geometry, data }), [step]);
    expect(new Set(image.data.filter((_, at) => at % 2 === 0))).toEqual(new Set([-1000]));
    const high = meanAndVariance(image.data.filter((_, at) => at % 2 === 1));
    expect(Math.abs(high.mean - 1000)).toBeLessThan(3);
    expect(Math.abs(Math.sqrt(high.variance) / (2000 / 20) - 1)).toBeLessThan(0.02);
  });
});

describe("artefacts of MR", () => {
  const image = ball(grid);
  const real = makeImage({ geometry: grid, data: Float32Array.from(image.data) });

  it("vanish where there is nothing to them", async () => {
    for (const step of [
      { name: "motion", times: [0.3], moves: [{ degrees: [0, 0, 0], translation: [0, 0, 0] }] },
      { name: "ghosting", ghosts: 3, intensity: 0 },
      { name: "ghosting", ghosts: 3, intensity: 1, restore: 1 },
      { name: "spikes", spikes: [] },
      { name: "bias-field", order: 0, coefficients: [0] },
      { name: "low-resolution", factor: 1 },
      { name: "blur", sigma: 0 },
    ]) {
      const { image: after } = await applyTransforms(image, [step]);
      expect(relativeDifference(after.data, real.data)).toBeLessThan(1e-6);
    }
  });

  it("motion moves what is taken outside the centre of k-space", async () => {
    const step = (time: number) => ({
      ...{ name: "motion", axis: "j", times: [time] },
      moves: [{ degrees: [0, 0, 0], translation: [3, 0, 0] }],
    });
    const change = async (time: number) => {
      const { image: after } = await applyTransforms(image, [step(time)]);
      return relativeDifference(after.data, real.data);
    };
    // The later the patient moves, the less of k-space is changed.
    expect(await change(0.6)).toBeGreaterThan(0.05);
    expect(await change(0.999)).toBeLessThan(1e-6);
  });

  it("ghosting repeats the image at equal distances along its axis", async () => {
    const line: Geometry = { frame: "pixels", size: [1, 64, 1], spacing: undefined };
    const data = new Float32Array(64);
    data[10] = 64;
    const step = { name: "ghosting", ghosts: 4, intensity: 1, restore: 0 };
    const { image: after } = await applyTransforms(makeImage({ geometry: line, data }), [step]);
    const strong = [...after.data].flatMap((value, at) => (Math.abs(value) > 8 ? [at] : []));
    expect(strong).toEqual([10, 26, 42, 58]);
  });

  it("a spike in k-space is a wave over the image", async () => {
    const step = { name: "spikes", spikes: [{ waves: [4, 0, 0], amplitude: 50 }] };
    const { image: after } = await applyTransforms(real, [step]);
    eachIndex(grid.size, ([i], at) => {
      const wave = 50 * Math.cos((2 * Math.PI * 4 * i) / 16);
      expect(Math.abs(after.data[at] - real.data[at] - wave)).toBeLessThan(1e-3);
    });
  });

  it("a bias field is the exponential of its polynomial", async () => {
    // Order 1: terms 1, z, y, x.
    const step = { name: "bias-field", order: 1, coefficients: [0.1, -0.2, 0.3, 0.4] };
    const { image: after } = await applyTransforms(real, [step]);
    eachIndex(grid.size, ([i, j, k], at) => {
      const [x, y, z] = [(2 * i) / 15 - 1, (2 * j) / 14 - 1, (2 * k) / 11 - 1];
      const field = Math.exp(0.1 - 0.2 * z + 0.3 * y + 0.4 * x);
      expect(Math.abs(after.data[at] / real.data[at] / field - 1)).toBeLessThan(1e-6);
    });
  });
});

describe("brightness, contrast and boxes", () => {
  const line: Geometry = { frame: "pixels", size: [4, 1, 1], spacing: undefined };
  const image = makeImage({ geometry: line, data: Int16Array.of(0, 10, 20, 30) });

  it.each([
    [{ name: "brightness", factor: 2, offset: -5 }, [-5, 15, 35, 55]],
    [{ name: "contrast", factor: 0.5 }, [7.5, 12.5, 17.5, 22.5]],
    [{ name: "contrast", factor: 2 }, [0, 5, 25, 30]],
    [{ name: "contrast", factor: 2, keepRange: false }, [-15, 5, 25, 45]],
    [{ name: "cutout", boxes: [{ start: [1, 0, 0], size: [9, 1, 1] }] }, [0, 15, 15, 15]],
    [
      { name: "cutout", value: -1, boxes: [{ start: [0, 0, 0], size: [2, 1, 1] }] },
      [-1, -1, 20, 30],
    ],
  ])("%j", async (step, expected) => {
    expect([...(await applyTransforms(image, [step])).image.data]).toEqual(expected);
  });
});

describe("MixUp", () => {
  const line: Geometry = { frame: "pixels", size: [2, 1, 1], spacing: undefined };
  const sampleOf = (values: number[], target: number[]) => ({
    image: makeImage({ geometry: line, data: Float32Array.from(values) }),
    target,
  });

  it("blends images and targets by one weight, drawn from Beta(α, α)", () => {
    const first = sampleOf([0, 100], [1, 0]);
    const second = sampleOf([100, 0], [0, 1]);
    const weights = Array.from({ length: 4000 }, (_, sample) => {
      const { image, target, weight } = mixUp(first, second, { seed: 1, sample, alpha: 0.4 });
      expect([...target]).toEqual([weight, 1 - weight]);
      expect(image.data[1]).toBeCloseTo(100 * weight, 4);
      return weight;
    });
    const mean = weights.reduce((sum, weight) => sum + weight) / 4000;
    const variance = weights.reduce((sum, weight) => sum + (weight - 0.5) ** 2, 0) / 4000;
    // Var of Beta(α, α): 1 / (4 (2α + 1)).
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1 / 7.2)).toBeLessThan(0.01);
  });

  it("refuses images of other sizes", () => {
    const image = makeImage({ geometry: { ...line, size: [3, 1, 1] }, data: new Float32Array(3) });
    const other = { image, target: [0, 1] };
    expect(() => mixUp(sampleOf([0, 1], [1, 0]), other, { seed: 1 })).toThrow(/Cannot mix/);
  });
});

describe("the default recipe", () => {
  it("runs on volumes and films, and moves image and mask alike", async () => {
    for (const geometry of [grid, film]) {
      const mask = ballMask(geometry);
      const bright = makeImage({ geometry, data: Float32Array.from(mask.data) });
      for (let sample = 0; sample < 6; sample++) {
        const moves = defaultAugmentation().slice(0, 3);
        const result = await applyTransforms(bright, moves, { mask, sample, seed: 9 });
        result.mask?.data.forEach((label, at) => {
          expect(Math.abs(label - result.image.data[at])).toBeLessThan(1);
        });
        const whole = await applyTransforms(bright, defaultAugmentation(), {
          mask,
          sample,
          seed: 9,
        });
        expect(whole.image.data.every(Number.isFinite)).toBe(true);
      }
    }
  });
});

describe("the registry", () => {
  it("names every transform once", () => {
    const names = [...transformKinds, ...randomKinds].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.every((name) => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))).toBe(true);
  });
});
