// Dilates and erodes masks (0 and one other value) by balls and crosses: chord by chord, several voxels
// at once, or for large balls by what lies within the radius of foreground or background.

import { makeVoxels, type Triple, type VoxelArray, voxelType } from "../../base/index.ts";
import { distanceAcross, distanceWithin } from "./distance-passes.ts";
import type { Extreme } from "./extreme.ts";
import { type Chord, chordsByHalf, type Element, ROUNDING } from "./structuring-element.ts";

/** The one value above 0 that voxels have beside 0; undefined where there is none or another. */
export function soleForeground(data: VoxelArray): number | undefined {
  let found = 0;
  for (let at = 0; at < data.length; at++) {
    if (data[at] === 0 || data[at] === found) continue;
    if (found !== 0) return undefined;
    found = data[at];
  }
  return found > 0 ? found : undefined;
}

/** What a chord costs of a distance transform, in voxels of one byte four of which are worked on at once. */
const MOST_CHORDS = 140;

/** The mask under the element, as the filter of grey values would have it. */
export function filterMask<D extends VoxelArray>(
  data: D,
  size: Triple,
  element: Element,
  extreme: Extreme,
  foreground: number,
): D {
  const groups = chordsByHalf(element, size);
  const chords = [...groups.values()].reduce((sum, group) => sum + group.length, 0);
  const marks = marksOf(data, extreme);
  const reached =
    element.shape === "ball" && chords > MOST_CHORDS
      ? reachByDistance(marks, size, element)
      : reachByChords(marks, size, groups);
  const out = makeVoxels(voxelType(data), data.length) as D;
  const hit = extreme === "largest" ? foreground : 0;
  const miss = foreground - hit;
  for (let at = 0; at < out.length; at++) out[at] = reached[at] === 0 ? miss : hit;
  return out;
}

/** 1 for what spreads: foreground where masks grow, background where they shrink. */
function marksOf(data: VoxelArray, extreme: Extreme): Uint8Array {
  const spreads = extreme === "largest" ? 1 : 0;
  const marks = new Uint8Array(data.length);
  for (let at = 0; at < marks.length; at++) marks[at] = (data[at] === 0 ? 0 : 1) ^ spreads ^ 1;
  return marks;
}

/** Horner's rule: the chords that reach furthest along i first, spread by one voxel before the next join them. */
function reachByChords(
  marks: Uint8Array,
  size: Triple,
  groups: ReadonlyMap<number, readonly Chord[]>,
): Uint8Array {
  const out = new Uint8Array(marks.length);
  const most = Math.max(...groups.keys());
  for (let half = most; half >= 0; half--) {
    if (half < most && half < size[0]) spreadByOneInPlace(out, size[0]);
    for (const chord of groups.get(half) ?? []) uniteRows(out, marks, size, chord);
  }
  return out;
}

/** Every mark spread along its row to the voxels before and after. */
function spreadByOneInPlace(marks: Uint8Array, width: number): void {
  const bytes = width % 4 === 0 ? 4 : 1;
  const words = wordsOf(marks, bytes);
  const row = width / bytes;
  // The last mark of a word is its highest byte, as all machines that run JavaScript are little-endian.
  const [step, far] = bytes === 4 ? [8, 24] : [0, 0];
  for (let first = 0; first < words.length; first += row) {
    let before = 0;
    let here = words[first];
    for (let at = first; at < first + row; at++) {
      const after = at + 1 < first + row ? words[at + 1] : 0;
      words[at] = here | (here << step) | (here >>> step) | (before >>> far) | (after << far);
      before = here;
      here = after;
    }
  }
}

/** Unites every row of `out` with the row of `from` that lies (dj, dk) away. */
function uniteRows(
  out: Uint8Array,
  from: Uint8Array,
  [width, height, depth]: Triple,
  { dj, dk }: Chord,
): void {
  const bytes = width % 4 === 0 ? 4 : 1;
  const to = wordsOf(out, bytes);
  const marks = wordsOf(from, bytes);
  const row = width / bytes;
  const rows = Math.max(0, height - Math.abs(dj));
  const shift = (dj + height * dk) * row;
  for (let k = Math.max(0, -dk); k < Math.min(depth, depth - dk); k++) {
    const start = (Math.max(0, -dj) + height * k) * row;
    const end = start + rows * row;
    for (let n = start; n < end; n++) to[n] |= marks[n + shift];
  }
}

/** Four marks as one number, where rows begin at words. */
function wordsOf(marks: Uint8Array, bytes: 1 | 4): Uint8Array | Int32Array {
  return bytes === 1 ? marks : new Int32Array(marks.buffer, marks.byteOffset, marks.length / 4);
}

/** In units of the radius along each axis, a ball is a sphere of radius 1. */
function reachByDistance(marks: Uint8Array, size: Triple, { radius }: Element): Uint8Array {
  const mask = marks.map((mark) => mark ^ 1);
  const nearestK = new Uint16Array(mask.length);
  const reached = new Uint8Array(mask.length);
  const spacing = radius.map((r) => Math.min(1 / r, BEYOND)) as unknown as Triple;
  distanceAcross({ mask, size, nearestK, from: 0, to: size[1] });
  const within = { mask, size, nearestK, spacing, reached, reachSquare: ROUNDING };
  distanceWithin({ ...within, from: 0, to: size[2] });
  return reached;
}

/** The distance of neighbours along an axis along which the ball does not reach. */
const BEYOND = 1e6;
