// Uneven sensitivity of an MR coil: a smooth factor, the exponential of a polynomial.
// Van Leemput et al., "Automated model-based bias field correction of MR images of the brain", IEEE TMI
// 18(10), 1999; Sudre et al., "Longitudinal segmentation of age-related white matter hyperintensities", 2017;
// as TorchIO's BiasField.

import {
  type Image,
  integer,
  number,
  parameters,
  portableExp,
  RoentgenError,
  rules,
} from "../../base/index.ts";
import { mapChannels } from "../intensity/channels.ts";
import type { TransformKind } from "../transform.ts";
import { randomChange, rangeRule, within } from "./random-change.ts";

const MOST = 5;

const biasFieldParameters = parameters({
  /** Degree of the polynomial. */
  order: integer({ min: 0, max: MOST }).default(3),
  /** Coefficients of x^a y^b z^c with a + b + c ≤ order, a slowest and c fastest; x, y, z from −1 to 1 along i, j, k. */
  coefficients: rules.array(number()),
});

export const biasField: TransformKind<typeof biasFieldParameters> = {
  name: "bias-field",
  title: "Multiplies values by a smooth field.",
  parameters: biasFieldParameters,
  apply: (image, { order, coefficients }) => {
    checkCount(order, coefficients.length);
    return { image: multiplyByField(image, order, coefficients) };
  },
};

function checkCount(order: number, found: number): void {
  const expected = exponents(order).length;
  if (found === expected) return;
  throw new RoentgenError("bad-option", {
    problem: 'The coefficients of the transform "bias-field" do not fit its order',
    expected: `${expected} for order ${order}`,
    found: `${found}`,
    subject: "coefficients",
  });
}

function exponents(order: number): [number, number, number][] {
  const all: [number, number, number][] = [];
  for (let a = 0; a <= order; a++) {
    for (let b = 0; a + b <= order; b++)
      for (let c = 0; a + b + c <= order; c++) all.push([a, b, c]);
  }
  return all;
}

function multiplyByField(image: Image, order: number, coefficients: readonly number[]): Image {
  const { size } = image.geometry;
  const [width, height, depth] = size;
  const powers = size.map((length) => powersAlong(length, order));
  const terms = exponents(order);
  const alongRow = new Float64Array(order + 1);
  return mapChannels(image, { channelWise: false, unit: image.unit }, (values, into) => {
    for (let row = 0; row < values.length / width; row++) {
      const j = row % height;
      const k = Math.floor(row / height) % depth;
      alongRow.fill(0);
      terms.forEach(([a, b, c], term) => {
        alongRow[a] += coefficients[term] * powers[1][b][j] * powers[2][c][k];
      });
      for (let i = 0; i < width; i++) {
        let exponent = 0;
        for (let a = 0; a <= order; a++) exponent += alongRow[a] * powers[0][a][i];
        into[row * width + i] = values[row * width + i] * portableExp(exponent);
      }
    }
  });
}

/** Powers 0 … order of places from −1 to 1; 0 for an axis of one voxel. */
function powersAlong(length: number, order: number): Float64Array[] {
  const places = Float64Array.from({ length }, (_, n) =>
    length === 1 ? 0 : (2 * n) / (length - 1) - 1,
  );
  const powers = [new Float64Array(length).fill(1)];
  for (let p = 1; p <= order; p++) powers.push(powers[p - 1].map((value, n) => value * places[n]));
  return powers;
}

/** TorchIO's range. */
export const randomBiasField = randomChange({
  name: "random-bias-field",
  title: "Multiplies values by a random smooth field.",
  parameters: {
    order: integer({ min: 0, max: MOST }).default(3),
    coefficients: rangeRule().default([-0.5, 0.5]),
  },
  draw: (random, { order, coefficients }) => ({
    ...{ name: "bias-field", order },
    coefficients: exponents(order).map(() => within(random, coefficients)),
  }),
});
