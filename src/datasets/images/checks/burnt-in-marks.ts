// Writing and side markers that are part of the pixels: a network learns the hospital or the side from them in place of the
// finding. Zech et al., "Variable generalization performance of a deep learning model to detect pneumonia in chest radiographs",
// PLOS Medicine 15(11) (2018), shows it for the tokens that technicians lay on the film.

import { makeImage, makeVoxels } from "../../../base/index.ts";
import { connectedComponents, measureLabels, type Region } from "../../../imaging/index.ts";

/** Left, top, right, bottom in pixels; the latter two are outside. */
type Box = readonly [number, number, number, number];

export interface BurntInMark {
  /** Letters in a row, or a single one in the dark near the border. */
  readonly kind: "text" | "marker";
  readonly box: Box;
}

/** A plane of values in [0, 1]. */
export interface GreyPlane {
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** Ink is as bright as the film gets. */
const INK = 0.85;
/** What letters stand on is clearly darker, of a single letter black. */
const AROUND_TEXT = 0.5;
const AROUND_MARKER = 0.2;
/** Share of the pixels around a letter that must be so dark. */
const DARK_SHARE = 0.75;
/** Height of letters: at least five pixels, at most a part of the image. */
const LEAST_HEIGHT = 5;
const MOST_OF_SIDE = 0.12;
/** Letters of a row; two may be chance. */
const LEAST_LETTERS = 3;
/** Part of the image along each border in which markers lie. */
const BORDER = 0.25;

/** Finds bright, sharp, letter-sized shapes on a dark ground. Writing that is dark, or half as bright, is not found. */
export function findBurntInMarks(plane: GreyPlane): BurntInMark[] {
  const letters = lettersOf(plane);
  const rows = rowsOf(letters);
  const inRow = new Set(rows.flat());
  const single = letters.filter((letter) => !inRow.has(letter));
  return [
    ...rows.map((row): BurntInMark => ({ kind: "text", box: around(row) })),
    ...single
      .filter(
        (box) => isNearBorder(box, plane) && darkShare(plane, box, AROUND_MARKER) >= DARK_SHARE,
      )
      .map((box): BurntInMark => ({ kind: "marker", box })),
  ];
}

function lettersOf(plane: GreyPlane): Box[] {
  const { values, width, height } = plane;
  const ink = makeVoxels("uint8", values.length);
  for (let at = 0; at < values.length; at++) ink[at] = values[at] >= INK ? 1 : 0;
  const size = [width, height, 1] as const;
  const mask = makeImage({ geometry: { frame: "pixels", size, spacing: undefined }, data: ink });
  const { labels } = connectedComponents(mask, { connectivity: 26 });
  return measureLabels(labels)
    .filter((region) => hasLetterShape(region, plane))
    .map(({ box: { from, to } }): Box => [from[0], from[1], to[0], to[1]])
    .filter((box) => darkShare(plane, box, AROUND_TEXT) >= DARK_SHARE);
}

/** Strokes fill part of their box; only an upright stroke fills all of it. */
function hasLetterShape({ box: { from, to }, voxels }: Region, plane: GreyPlane): boolean {
  const [width, height] = [to[0] - from[0], to[1] - from[1]];
  const filled = voxels / (width * height);
  const isStroke = height >= 2.5 * width;
  return (
    height >= LEAST_HEIGHT &&
    height <= Math.max(LEAST_HEIGHT + 3, MOST_OF_SIDE * plane.height) &&
    width <= 1.6 * height &&
    filled >= 0.15 &&
    (filled <= 0.75 || isStroke)
  );
}

/** Letters side by side, of like height and at like height, each list from left to right. */
function rowsOf(letters: readonly Box[]): Box[][] {
  const sorted = [...letters].sort((a, b) => a[0] - b[0]);
  const rows: Box[][] = [];
  for (const letter of sorted) {
    const row = rows.find((candidate) => follows(candidate.at(-1) as Box, letter));
    if (row) row.push(letter);
    else rows.push([letter]);
  }
  return rows.filter(({ length }) => length >= LEAST_LETTERS);
}

function follows(before: Box, letter: Box): boolean {
  const [height, other] = [before[3] - before[1], letter[3] - letter[1]];
  const largest = Math.max(height, other);
  const gap = letter[0] - before[2];
  const level = Math.abs(before[1] + before[3] - letter[1] - letter[3]) / 2;
  return (
    largest <= 1.6 * Math.min(height, other) &&
    gap <= 1.5 * largest &&
    gap >= -1 &&
    level <= 0.4 * largest
  );
}

function around(boxes: readonly Box[]): Box {
  const edge = (at: number, most: typeof Math.min) => most(...boxes.map((box) => box[at]));
  return [edge(0, Math.min), edge(1, Math.min), edge(2, Math.max), edge(3, Math.max)];
}

function isNearBorder([left, top, right, bottom]: Box, { width, height }: GreyPlane): boolean {
  const [x, y] = [(left + right) / 2 / width, (top + bottom) / 2 / height];
  return Math.min(x, y, 1 - x, 1 - y) < BORDER;
}

/**
 * Share of the pixels two off the box that are below a value; the antialiased rim of a letter lies between. Ink there is that of
 * the next letter.
 */
function darkShare({ values, width, height }: GreyPlane, box: Box, below: number): number {
  const [left, top, right, bottom] = [box[0] - 2, box[1] - 2, box[2] + 1, box[3] + 1];
  let [dark, count] = [0, 0];
  const look = (x: number, y: number) => {
    if (x < 0 || y < 0 || x >= width || y >= height) return;
    const value = values[y * width + x];
    if (value >= INK) return;
    count += 1;
    if (value < below) dark += 1;
  };
  for (let x = left; x <= right; x++) for (const y of [top, bottom]) look(x, y);
  for (let y = top + 1; y < bottom; y++) for (const x of [left, right]) look(x, y);
  return count > 0 ? dark / count : 0;
}
