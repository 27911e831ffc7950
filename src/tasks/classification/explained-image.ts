// What is said of an explained image, and of several as a table.

import { type Column, makeTable, type Table } from "../../base/index.ts";
import type { NearestTrainingImage } from "./nearest-training-images.ts";

export interface ExplainedImage {
  readonly path: string;
  readonly predicted: string | number | readonly string[];
  /** The class or label that is explained. */
  readonly explained: string;
  /** Its probability; null of a measurement. */
  readonly probability: number | null;
  /** The largest evidence in the units of the way; 0 where nothing speaks for the class. */
  readonly evidence: number;
  /** Where that is, in pixels of the prepared image; null where nothing speaks for the class. */
  readonly x: number | null;
  readonly y: number | null;
  /** Of a volume. */
  readonly slice?: number | null;
  /** The picture. */
  readonly overlay: string;
  /** Images learnt from whose features are nearest, the nearest first, where they were asked for. */
  readonly nearest?: readonly NearestTrainingImage[];
}

/** A row an image. */
export function explanationTable(images: readonly ExplainedImage[]): Table {
  const text = (name: string, of: (one: ExplainedImage) => string): Column => ({
    ...{ kind: "text", name, values: images.map(of) },
  });
  const numbers = (
    name: string,
    of: (one: ExplainedImage) => number | null | undefined,
  ): Column => ({
    ...{ kind: "number", name, values: Float64Array.from(images, (one) => of(one) ?? Number.NaN) },
  });
  return makeTable([
    text("path", ({ path }) => path),
    text("predicted", ({ predicted }) =>
      Array.isArray(predicted) ? predicted.join(" | ") : String(predicted),
    ),
    text("explained", ({ explained }) => explained),
    numbers("probability", ({ probability }) => probability),
    numbers("evidence", ({ evidence }) => evidence),
    numbers("x", ({ x }) => x),
    numbers("y", ({ y }) => y),
    ...(images[0].slice === undefined ? [] : [numbers("slice", ({ slice }) => slice)]),
    text("overlay", ({ overlay }) => overlay),
    ...(images[0].nearest === undefined ? [] : [text("nearest", nearestInWords)]),
  ]);
}

/** "scan-7.png (cyst) | scan-9.png (cyst)". */
function nearestInWords({ nearest = [] }: ExplainedImage): string {
  return nearest.map(({ name, truth }) => `${name} (${truth})`).join(" | ");
}
