// Pads: by so many voxels, to a size, to a multiple; and to a size by whatever it takes.

import { type Geometry, parameters, type Triple } from "../../base/index.ts";
import type { GridMap, Sampling } from "../transform.ts";
import { movingTransform } from "./moving-transform.ts";
import { asTriple, outsideRule, wholeOrTriple, wholeTriple } from "./parameters.ts";
import { alongAxes, SAME_AXES, SAME_SCALE } from "./subgrid.ts";

/** What the new voxels hold: a number, the edge's value, or the image mirrored (numpy's "reflect"). */
const outside = outsideRule().default(0);

export const pad = movingTransform({
  name: "pad",
  title: "Puts voxels around the image.",
  parameters: parameters({
    /** Voxels added before the first along i, j, k. */
    before: wholeTriple({ min: 0 }),
    /** Voxels added after the last along i, j, k. */
    after: wholeTriple({ min: 0 }),
    outside,
  }),
  moves: {
    effect: "pads",
    map: (geometry, { before, after }) => {
      const size = geometry.size.map((length, axis) => length + before[axis] + after[axis]);
      return withFirst(geometry, before, size as unknown as Triple);
    },
    sampling: fill,
  },
});

/** The image stays in the middle; of an odd number of voxels the last goes behind it. Longer axes stay. */
export const padToSize = movingTransform({
  name: "pad-to-size",
  title: "Pads the image evenly to at least a size.",
  parameters: parameters({
    /** Voxels wanted along i, j, k. */
    size: wholeTriple({ min: 1 }),
    outside,
  }),
  moves: {
    effect: "pads",
    map: (geometry, { size }) =>
      centred(
        geometry,
        size.map((wanted, axis) => Math.max(wanted, geometry.size[axis])),
      ),
    sampling: fill,
  },
});

/** For networks that halve the image several times: 32 for five halvings. */
export const padToMultiple = movingTransform({
  name: "pad-to-multiple",
  title: "Pads the image evenly until its size is a multiple.",
  parameters: parameters({
    /** What the size shall be a multiple of. An axis of one voxel (a film) stays. */
    multiple: wholeOrTriple({ min: 1 }),
    outside,
  }),
  moves: {
    effect: "pads",
    map: (geometry, { multiple }) => {
      const wanted = asTriple(multiple);
      const up = (length: number, of: number) => Math.ceil(length / of) * of;
      return centred(
        geometry,
        geometry.size.map((length, axis) => (length === 1 ? 1 : up(length, wanted[axis]))),
      );
    },
    sampling: fill,
  },
});

/** The middle of the image, cropped where it is longer and padded where it is shorter; as TorchIO's CropOrPad. */
export const cropOrPad = movingTransform({
  name: "crop-or-pad",
  title: "Brings the image to a size by cropping and padding evenly.",
  parameters: parameters({
    /** Voxels wanted along i, j, k. */
    size: wholeTriple({ min: 1 }),
    outside,
  }),
  moves: { effect: "pads", map: (geometry, { size }) => centred(geometry, size), sampling: fill },
});

function fill({ outside }: Pick<Sampling, "outside">): Sampling {
  return { interpolation: "nearest", outside };
}

function centred(geometry: Geometry, size: readonly number[]): GridMap {
  const before = size.map((wanted, axis) => Math.floor((wanted - geometry.size[axis]) / 2));
  return withFirst(geometry, before as unknown as Triple, size as Triple);
}

function withFirst(geometry: Geometry, before: Triple, size: Triple): GridMap {
  const shift = before.map((voxels) => 0 - voxels) as unknown as Triple;
  return alongAxes(geometry, { sourceAxis: SAME_AXES, scale: SAME_SCALE, shift }, size);
}
