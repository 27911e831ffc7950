// Flips and permutations of axes: the voxels' order in memory changes, their place in the patient does not.

import { oneOf, parameters, rules, type Triple } from "../../base/index.ts";
import { movingTransform } from "./moving-transform.ts";
import { alongAxes, SAME_AXES } from "./subgrid.ts";

const AXES = ["i", "j", "k"] as const;
const PICK = { interpolation: "nearest", outside: 0 } as const;

/**
 * Turns axes round. In the patient's frame the direction turns with them, so that each voxel keeps its
 * place; a network that sees only the array sees a mirror image.
 */
export const flip = movingTransform({
  name: "flip",
  title: "Turns axes round.",
  parameters: parameters({
    /** Axes that are turned round: i (columns), j (rows), k (slices). */
    axes: rules
      .array(oneOf(...AXES), { error: "at least one of i, j, k" })
      .min(1, { error: "at least one of i, j, k" }),
  }),
  moves: {
    effect: "chooses",
    map: (before, { axes }) => {
      const turned = AXES.map((name) => axes.includes(name));
      const scale = turned.map((is) => (is ? -1 : 1)) as unknown as Triple;
      const shift = turned.map((is, axis) => (is ? before.size[axis] - 1 : 0)) as unknown as Triple;
      return alongAxes(before, { sourceAxis: SAME_AXES, scale, shift }, before.size);
    },
    sampling: () => PICK,
  },
});

/** numpy.transpose: the axis named first becomes i. */
export const permute = movingTransform({
  name: "permute",
  title: "Changes the order of the axes.",
  parameters: parameters({
    /** The axes that become i, j and k: ["k", "j", "i"] swaps columns and slices. */
    order: rules
      .tuple([oneOf(...AXES), oneOf(...AXES), oneOf(...AXES)], { error: "i, j and k, each once" })
      .refine((order) => new Set(order).size === 3, { error: "i, j and k, each once" }),
  }),
  moves: {
    effect: "chooses",
    map: (before, { order }) => {
      const sourceAxis = order.map((name) => AXES.indexOf(name)) as unknown as Triple;
      const size = sourceAxis.map((axis) => before.size[axis]) as unknown as Triple;
      return alongAxes(before, { sourceAxis, scale: [1, 1, 1], shift: [0, 0, 0] }, size);
    },
    sampling: () => PICK,
  },
});
