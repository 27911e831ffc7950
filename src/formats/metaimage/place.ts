// Where the voxels of a MetaImage file are: in LPS millimetres, as ITK takes its fields (itkMetaImageIO.cxx).

import type { Affine, ChannelAxis, Geometry, Matrix3, Triple } from "../../base/index.ts";
import { RoentgenError } from "../../base/index.ts";
import { type GeometryChoice, statedGeometry } from "../images/stated-geometry.ts";
import { refuseForeignChoice } from "../voxels/foreign-choice.ts";
import type { MetaFields } from "./fields.ts";

export interface MetaPlace {
  readonly geometry: Geometry;
  /** Axes beyond the third, slowest first. */
  readonly channels: readonly ChannelAxis[];
  readonly notes: readonly string[];
}

const millimetres: Readonly<Record<string, number>> = { mm: 1, cm: 10, um: 1e-3, m: 1000 };

/**
 * The grid of the first three axes. Its frame is "pixels" where the header lacks Offset, TransformMatrix or
 * ElementSpacing, or has less than three axes; unless the choice is "axes", which takes what is missing as
 * ITK does: 0, no rotation, 1 mm.
 * @throws RoentgenError "value-invalid" for directions that are not at right angles or spacings that are 0
 */
export function placeOf(fields: MetaFields, choice: GeometryChoice, name: string): MetaPlace {
  refuseForeignChoice(choice, name);
  const { sizes, spacing, distanceUnit, directions, offset } = fields;
  const [width = 1, height = 1, depth = 1] = sizes;
  const size: Triple = [width, height, depth];
  const scale = distanceUnit === undefined ? 1 : millimetres[distanceUnit.toLowerCase()];
  const mm = scale === undefined ? undefined : spacing?.map((step) => step * scale);
  checkSpacing(mm, name);
  const unitNotes =
    scale === undefined ? [`Its unit of distance, "${distanceUnit}", is unknown.`] : [];
  const missing = [
    ...(sizes.length < 3 ? ["a third axis"] : []),
    ...(mm ? [] : ["ElementSpacing"]),
    ...(directions ? [] : ["TransformMatrix"]),
    ...(offset ? [] : ["Offset"]),
  ];
  const channels = laterAxes(fields);
  const lost = `The place in the patient is unknown: the header lacks ${missing.join(" and ")}.`;
  if (choice === "pixels" || (choice !== "axes" && missing.length > 0)) {
    const geometry: Geometry = { frame: "pixels", size, spacing: mm && padded(mm, 1) };
    return { geometry, channels, notes: [...(choice === "pixels" ? [] : [lost]), ...unitNotes] };
  }
  const direction = directionOf(directions ?? [], sizes.length, name);
  const origin = padded(offset?.map((value) => value * (scale ?? 1)) ?? [], 0);
  const affine = affineOf(direction, padded(mm ?? [], 1), origin);
  const found = statedGeometry(affine, size, { choice, what: "TransformMatrix", name });
  const taken = `Taken as ITK does, since the header lacks ${missing.join(" and ")}.`;
  const notes = [...(missing.length > 0 ? [taken] : []), ...unitNotes, ...found.notes];
  const sides = contradiction(direction, fields.anatomical);
  return { geometry: found.geometry, channels, notes: [...notes, ...sides] };
}

function affineOf(d: Matrix3, [x, y, z]: Triple, origin: Triple): Affine {
  return [
    ...[d[0] * x, d[1] * y, d[2] * z, origin[0]],
    ...[d[3] * x, d[4] * y, d[5] * z, origin[1]],
    ...[d[6] * x, d[7] * y, d[8] * z, origin[2]],
  ] as unknown as Affine;
}

function padded(values: readonly number[], missing: number): Triple {
  return [0, 1, 2].map((at) => values[at] ?? missing) as unknown as Triple;
}

function checkSpacing(spacing: readonly number[] | undefined, name: string): void {
  if (!spacing || spacing.slice(0, 3).every((mm) => mm > 0)) return;
  throw invalid(name, "ElementSpacing above 0", spacing.join(" "));
}

function invalid(name: string, expected: string, found: string): RoentgenError {
  return new RoentgenError("value-invalid", {
    problem: `Cannot read ${name}`,
    expected,
    found,
    remedy: "Correct the header if you know the image's geometry.",
    subject: name,
  });
}

/** Rows become columns of length 1; axes in space must not mix with later ones. What is missing is not turned. */
function directionOf(
  directions: readonly (readonly number[])[],
  dimensions: number,
  name: string,
): Matrix3 {
  const mixed = directions.some((row, at) =>
    row.some((value, to) => value !== 0 && at < 3 !== to < 3 && dimensions > 3),
  );
  const axis = (at: number) => {
    const row = padded(directions[at] ?? [], 0).map((value, to) =>
      at >= directions.length || to >= directions.length ? Number(at === to) : value,
    );
    const length = Math.hypot(...row);
    if (!mixed && length > 0) return row.map((value) => value / length);
    throw invalid(name, "three directions in space as TransformMatrix", directions.join(" "));
  };
  const [x, y, z] = [0, 1, 2].map(axis);
  return [x[0], y[0], z[0], x[1], y[1], z[1], x[2], y[2], z[2]];
}

/** A fourth axis is time, as ITK's and elastix's users have it; its unit is not told. */
function laterAxes({ sizes, spacing, offset }: MetaFields): ChannelAxis[] {
  const axes = sizes.slice(3).map((size, at): ChannelAxis => {
    if (at > 0) return { name: `axis ${at + 4}`, size };
    const step = spacing?.[3] ?? 1;
    const start = offset?.[3] ?? 0;
    return { name: "time", size, values: Array.from({ length: size }, (_, t) => start + t * step) };
  });
  return axes.reverse();
}

/** AnatomicalOrientation names the side that each axis comes from; ITK writes it and ignores it. */
function contradiction(direction: Matrix3, anatomical: string | undefined): string[] {
  const told = anatomical?.toUpperCase();
  if (!told || !/^[RLAPSI]{3}$/.test(told)) return [];
  const letters = ["RL", "AP", "IS"];
  const axis = (column: number) => {
    const parts = [direction[column], direction[3 + column], direction[6 + column]];
    const main = parts.reduce(
      (best, part, at) => (Math.abs(part) > Math.abs(parts[best]) ? at : best),
      0,
    );
    return letters[main][parts[main] > 0 ? 0 : 1];
  };
  const found = [0, 1, 2].map(axis).join("");
  if (found === told) return [];
  return [
    `AnatomicalOrientation says ${told}, TransformMatrix ${found}; the matrix was taken, as ITK does.`,
  ];
}
