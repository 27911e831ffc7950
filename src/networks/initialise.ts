// First values of parameters, by the design's random rule: one seed gives the same values, whatever else is drawn.
// Glorot, Bengio: "Understanding the difficulty of training deep feedforward neural networks", 2010;
// He et al.: "Delving deep into rectifiers", 2015; LeCun et al.: "Efficient backprop", 1998;
// Saxe, McClelland, Ganguli: "Exact solutions to the nonlinear dynamics of learning in deep linear networks", 2014.

import {
  anyOf,
  elementCount,
  number,
  oneOf,
  type RandomStream,
  randomStream,
} from "../base/index.ts";

/** Ways to fill a parameter; a number fills it with itself. */
export type Initialiser = keyof typeof fills | number;

/** A way to fill a parameter, or its elements. */
export type FirstValues = Initialiser | readonly number[];

/** Draws the first values of one parameter. */
type Fill = (draw: RandomStream, shape: readonly number[]) => Float32Array;

const uniform = (variance: (fans: Fans) => number): Fill => {
  return (draw, shape) => {
    // A uniform distribution on ±√(3 v) has variance v.
    const limit = Math.sqrt(3 * variance(fansOf(shape)));
    return fill(shape, () => (2 * draw.uniform() - 1) * limit);
  };
};

/** Normal, cut at two standard deviations and widened so that the variance is as asked. */
const normal = (variance: (fans: Fans) => number): Fill => {
  return (draw, shape) => {
    const deviation = Math.sqrt(variance(fansOf(shape))) / DEVIATION_CUT_AT_TWO;
    return fill(shape, () => deviation * cutNormal(draw));
  };
};

/** Standard deviation of a standard normal that is cut at ±2. */
const DEVIATION_CUT_AT_TWO = 0.8796256610342398;

const fills = {
  zeros: (_: RandomStream, shape: readonly number[]) => constant(shape, 0),
  ones: (_: RandomStream, shape: readonly number[]) => constant(shape, 1),
  "glorot-uniform": uniform(({ fanIn, fanOut }) => 2 / (fanIn + fanOut)),
  "glorot-normal": normal(({ fanIn, fanOut }) => 2 / (fanIn + fanOut)),
  "he-uniform": uniform(({ fanIn }) => 2 / fanIn),
  "he-normal": normal(({ fanIn }) => 2 / fanIn),
  "lecun-uniform": uniform(({ fanIn }) => 1 / fanIn),
  "lecun-normal": normal(({ fanIn }) => 1 / fanIn),
  /** A deviation of 0.02 whatever the connections, as transformers have it. */
  "narrow-normal": normal(() => 0.02 ** 2),
  orthogonal,
} as const satisfies Record<string, Fill>;

/** The rule for such a way. */
export const initialiserName = () => {
  const names = Object.keys(fills) as (keyof typeof fills)[];
  return anyOf(`a number or one of ${names.join(", ")}`, oneOf(...names), number());
};

/**
 * Draws a parameter.
 * @param name the parameter's; with the seed it decides the numbers
 * @param shape [out, in, kernel…], as weights are held
 */
export function initialise(
  initialiser: FirstValues,
  { name, shape, seed }: { name: string; shape: readonly number[]; seed: number },
): Float32Array {
  if (typeof initialiser === "number") return constant(shape, initialiser);
  if (typeof initialiser === "object") return Float32Array.from(initialiser);
  return fills[initialiser](randomStream({ seed, purpose: `initialise/${name}` }), shape);
}

interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/** Connections into and out of a unit: the kernel counts for both. */
function fansOf([out = 1, into = 1, ...kernel]: readonly number[]): Fans {
  const field = kernel.reduce((product, length) => product * length, 1);
  return { fanIn: into * field, fanOut: out * field };
}

function constant(shape: readonly number[], value: number): Float32Array {
  const values = new Float32Array(elementCount(shape));
  // Zeros that nobody writes cost no memory until they are read.
  return value === 0 ? values : values.fill(value);
}

function fill(shape: readonly number[], next: () => number): Float32Array {
  const values = new Float32Array(elementCount(shape));
  for (let at = 0; at < values.length; at++) values[at] = next();
  return values;
}

function cutNormal(draw: RandomStream): number {
  let value = draw.normal();
  while (Math.abs(value) > 2) value = draw.normal();
  return value;
}

/** Rows (or columns, where there are fewer) of unit length at right angles, by Gram–Schmidt done twice. */
function orthogonal(draw: RandomStream, shape: readonly number[]): Float32Array {
  const rows = shape[0];
  const columns = shape.slice(1).reduce((product, length) => product * length, 1);
  const [count, length] = rows <= columns ? [rows, columns] : [columns, rows];
  const vectors: Float64Array[] = [];
  while (vectors.length < count) {
    const vector = Float64Array.from({ length }, () => draw.normal());
    for (const other of [...vectors, ...vectors]) removePartInPlace(vector, other);
    scaleInPlace(vector, 1 / Math.hypot(...vector));
    vectors.push(vector);
  }
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      values[row * columns + column] =
        rows <= columns ? vectors[row][column] : vectors[column][row];
    }
  }
  return values;
}

function removePartInPlace(vector: Float64Array, along: Float64Array): void {
  let dot = 0;
  for (let at = 0; at < vector.length; at++) dot += vector[at] * along[at];
  for (let at = 0; at < vector.length; at++) vector[at] -= dot * along[at];
}

function scaleInPlace(vector: Float64Array, by: number): void {
  for (let at = 0; at < vector.length; at++) vector[at] *= by;
}
