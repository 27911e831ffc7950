// The passes of the exact Euclidean distance transform: along k, then along j and i of every slice.
// Felzenszwalb, Huttenlocher: "Distance transforms of sampled functions", Theory of Computing 8 (2012), section 2.

import type { Triple } from "../../base/index.ts";

/** What both passes share; positions are rows j for the first, slices k for the second. */
interface DistanceTask {
  /** Distances are to the nearest voxel of 0. */
  readonly mask: Uint8Array;
  readonly size: Triple;
  /** Slice of the nearest 0 in the same (i, j), or NONE. */
  readonly nearestK: Uint16Array;
  readonly from: number;
  readonly to: number;
}

export interface WithinTask extends DistanceTask {
  readonly spacing: Triple;
  /** Takes the distances … */
  readonly distances?: Float32Array | Float64Array;
  /** … and the positions in memory of the nearest 0; −1 where there is none. */
  readonly features?: Int32Array;
  /** 1 where the squared distance is at most `reachSquare`. */
  readonly reached?: Uint8Array;
  readonly reachSquare?: number;
}

/** No 0 in this line. Images are shorter than 2^16 − 1 voxels along each axis. */
export const NONE = 0xffff;

/** First pass: in the rows `from` … `to` − 1 of all slices, the nearest 0 along k. */
export function distanceAcross({ mask, size, nearestK, from, to }: DistanceTask): void {
  const [width, height, depth] = size;
  const plane = width * height;
  const [first, last] = [from * width, to * width];
  for (let at = first; at < last; at++) nearestK[at] = mask[at] === 0 ? 0 : NONE;
  for (let k = 1; k < depth; k++) {
    const shift = k * plane;
    for (let at = first + shift; at < last + shift; at++) {
      nearestK[at] = mask[at] === 0 ? k : nearestK[at - plane];
    }
  }
  for (let k = depth - 2; k >= 0; k--) {
    const shift = k * plane;
    for (let at = first + shift; at < last + shift; at++) {
      const behind = nearestK[at];
      const ahead = nearestK[at + plane];
      // NONE is larger than any slice, so that what is ahead wins over nothing, and nothing over nothing.
      if (ahead - k < k - behind || behind === NONE) nearestK[at] = ahead;
    }
  }
}

/** Second and third pass: every slice of `from` … `to` − 1, along j and then along i. */
export function distanceWithin(task: WithinTask): void {
  const { size, from, to } = task;
  const plane = size[0] * size[1];
  const squares = new Float64Array(plane);
  const nearestJ = new Uint16Array(plane);
  const envelope = makeEnvelope(Math.max(size[0], size[1]));
  for (let k = from; k < to; k++) {
    passAlongJ(task, k, envelope, squares, nearestJ);
    passAlongI(task, k, envelope, squares, nearestJ);
  }
}

/** The lower envelope of the parabolas value(q) + (x − q)² over one line. */
interface Envelope {
  readonly values: Float64Array;
  /** Where the parabolas of the envelope have their vertices, in order … */
  readonly vertices: Int32Array;
  /** … and the first position at which each is the lowest. */
  readonly starts: Int32Array;
}

function makeEnvelope(length: number): Envelope {
  return {
    values: new Float64Array(length),
    vertices: new Int32Array(length),
    starts: new Int32Array(length + 1),
  };
}

/** For each (i, j) of slice k, the row of the nearest 0 among those nearest along k, and the squared distance. */
function passAlongJ(
  { size, spacing, nearestK }: WithinTask,
  k: number,
  envelope: Envelope,
  squares: Float64Array,
  nearestJ: Uint16Array,
): void {
  const [width, height] = size;
  const [, sj, sk] = spacing;
  const { values, vertices, starts } = envelope;
  const slice = k * width * height;
  for (let i = 0; i < width; i++) {
    for (let j = 0, at = slice + i; j < height; j++, at += width) {
      const near = nearestK[at];
      const mm = (near - k) * sk;
      values[j] = near === NONE ? Number.POSITIVE_INFINITY : mm * mm;
    }
    const count = lowerEnvelope(envelope, height, sj);
    if (count === 0) {
      for (let j = 0, at = i; j < height; j++, at += width) {
        squares[at] = Number.POSITIVE_INFINITY;
        nearestJ[at] = NONE;
      }
      continue;
    }
    for (let part = 0; part < count; part++) {
      const vertex = vertices[part];
      const value = values[vertex];
      const end = starts[part + 1];
      for (let j = starts[part], at = j * width + i; j < end; j++, at += width) {
        const mm = (j - vertex) * sj;
        squares[at] = value + mm * mm;
        nearestJ[at] = vertex;
      }
    }
  }
}

/** For each voxel of slice k, the nearest 0 of all. */
function passAlongI(
  task: WithinTask,
  k: number,
  envelope: Envelope,
  squares: Float64Array,
  nearestJ: Uint16Array,
): void {
  const { size, nearestK, distances, features } = task;
  const [width, height] = size;
  const [si] = task.spacing;
  const { values, vertices, starts } = envelope;
  const plane = width * height;
  for (let j = 0; j < height; j++) {
    const row = j * width;
    const out = k * plane + row;
    values.set(squares.subarray(row, row + width));
    const count = lowerEnvelope(envelope, width, si);
    if (count === 0) {
      distances?.fill(Number.POSITIVE_INFINITY, out, out + width);
      features?.fill(-1, out, out + width);
      continue;
    }
    for (let part = 0; part < count; part++) {
      const vertex = vertices[part];
      const value = values[vertex];
      const end = starts[part + 1];
      if (distances) {
        for (let i = starts[part]; i < end; i++) {
          const mm = (i - vertex) * si;
          distances[out + i] = Math.sqrt(value + mm * mm);
        }
      }
      if (task.reached) markReached(task, out, starts[part], end, vertex, value);
      if (features) {
        const inSlice = nearestJ[row + vertex] * width + vertex;
        features.fill(
          nearestK[k * plane + inSlice] * plane + inSlice,
          out + starts[part],
          out + end,
        );
      }
    }
  }
}

/** Where one parabola is the lowest, it stays below the reach around its vertex. */
function markReached(
  { spacing: [si], reached, reachSquare = 0 }: WithinTask,
  out: number,
  from: number,
  to: number,
  vertex: number,
  value: number,
): void {
  for (let i = from; i < to; i++) {
    const mm = (i - vertex) * si;
    if (value + mm * mm <= reachSquare) reached![out + i] = 1;
  }
}

/** Finds the lower envelope of `values`, and how many parabolas it has; 0 where all are infinite. */
function lowerEnvelope(
  { values, vertices, starts }: Envelope,
  length: number,
  spacing: number,
): number {
  const weight = spacing * spacing;
  let last = -1;
  for (let q = 0; q < length; q++) {
    const value = values[q];
    if (value === Number.POSITIVE_INFINITY) continue;
    let start = 0;
    while (last >= 0) {
      const p = vertices[last];
      // Parabola q is the lower one right of the crossing (eq. 1 of the paper, with q² − p² taken apart).
      const crossing = (value - values[p]) / (2 * weight * (q - p)) + (q + p) / 2;
      start = Math.floor(crossing) + 1;
      if (start > starts[last]) break;
      last -= 1;
      start = 0;
    }
    if (start >= length) continue;
    last += 1;
    vertices[last] = q;
    starts[last] = start;
  }
  starts[last + 1] = length;
  return last + 1;
}
