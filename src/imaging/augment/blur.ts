// Blur, and the loss of detail of a coarser acquisition.

import { type Image, oneOf, parameters, type Triple, type WorkOptions } from "../../base/index.ts";
import { smoothGaussian } from "../resample/gaussian.ts";
import { invertMap } from "../resample/grid-map.ts";
import { resampleImage } from "../resample/resample.ts";
import { asTriple, numberOrTriple } from "../spatial/parameters.ts";
import { resize } from "../spatial/resize.ts";
import type { TransformKind } from "../transform.ts";
import { randomChange, rangeRule, within } from "./random-change.ts";

const blurParameters = parameters({
  /** Standard deviation of the Gaussian in voxels: one, or three along i, j, k. */
  sigma: numberOrTriple({ min: 0 }),
});

export const blur: TransformKind<typeof blurParameters> = {
  name: "blur",
  title: "Smooths by a Gaussian.",
  parameters: blurParameters,
  apply: (image, { sigma }) => ({ image: smoothGaussian(image, asTriple(sigma)) }),
};

/** nnU-Net's range. */
export const randomBlur = randomChange({
  name: "random-blur",
  title: "Smooths by a Gaussian of random width.",
  parameters: {
    /** In voxels. */
    sigma: rangeRule({ min: 0 }).default([0.5, 1]),
  },
  draw: (random, { sigma }) => ({ name: "blur", sigma: within(random, sigma) }),
});

const lowResolutionParameters = parameters({
  /** Voxels that become one: one number, or three along i, j, k. */
  factor: numberOrTriple({ min: 1 }),
  /** How the coarse image is brought back to the fine grid. */
  interpolation: oneOf("nearest", "linear", "cubic").default("cubic"),
});

type LowResolution = { factor: number | Triple; interpolation: "nearest" | "linear" | "cubic" };

/** The nearest voxels of a coarser grid, brought back to the image's own: nnU-Net's simulation of low resolution. */
export const lowResolution: TransformKind<typeof lowResolutionParameters> = {
  name: "low-resolution",
  title: "Keeps the detail of a coarser grid only.",
  parameters: lowResolutionParameters,
  apply: async (image, settings, work) => ({ image: await coarsen(image, settings, work) }),
};

async function coarsen(
  image: Image,
  { factor, interpolation }: LowResolution,
  work: WorkOptions,
): Promise<Image> {
  const factors = asTriple(factor);
  const size = image.geometry.size.map((length, axis) =>
    Math.max(1, Math.round(length / factors[axis])),
  ) as unknown as Triple;
  const settings = resize.parameters.parse({ size });
  const map = resize.moves.map(image.geometry, settings, undefined);
  const coarse = await resampleImage(
    image,
    map,
    { interpolation: "nearest", outside: "edge" },
    work,
  );
  const back = invertMap(map, image.geometry);
  return resampleImage(coarse, back, { interpolation, outside: "edge" }, work);
}

/** nnU-Net's range: 1 to 2 voxels become one. As TorchIO's RandomAnisotropy with `axes` "one". */
export const randomLowResolution = randomChange({
  name: "random-low-resolution",
  title: "Keeps the detail of a random coarser grid only.",
  parameters: {
    factor: rangeRule({ min: 1 }).default([1, 2]),
    /** Whether all axes get coarser, or one of them. */
    axes: oneOf("all", "one").default("all"),
  },
  draw: (random, { factor, axes }, { geometry }) => {
    const drawn = within(random, factor);
    const open = [0, 1, 2].filter((axis) => geometry.size[axis] > 1);
    const chosen = axes === "all" || open.length === 0 ? open : [open[random.integer(open.length)]];
    const factors = [0, 1, 2].map((axis) => (chosen.includes(axis) ? drawn : 1));
    return { name: "low-resolution", factor: factors };
  },
});
