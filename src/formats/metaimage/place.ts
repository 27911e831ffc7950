// Where the voxels of a MetaImage file are: in LPS millimetres, as ITK takes its fields (itkMetaImageIO.cxx).

import type { ChannelAxis, Geometry, Matrix3, Triple } from "../../base/index.ts";
import { isOrthonormal, patientGeometry, RoentgenError } from "../../base/index.ts";
import type { MetaFields } from "./fields.ts";

/** What the caller knows and the file does not say. */
export interface MetaAssumptions {
  /** Rows are the directions of i, j and k in LPS, for files without TransformMatrix. */
  directions?: Matrix3;
  /** Centre of the first voxel in mm in LPS, for files without Offset. */
  origin?: Triple;
}

export interface MetaPlace {
  readonly geometry: Geometry;
  /** Axes beyond the third, slowest first. */
  readonly channels: readonly ChannelAxis[];
  readonly notes: readonly string[];
}

const millimetres: Readonly<Record<string, number>> = { mm: 1, cm: 10, um: 1e-3, m: 1000 };

/**
 * The grid of the first three axes. Its frame is "pixels" where the header lacks Offset, TransformMatrix or
 * ElementSpacing, or has less than three axes.
 * @throws RoentgenError "value-invalid" for directions that are not at right angles or spacings that are 0
 */
export function placeOf(fields: MetaFields, assumed: MetaAssumptions, name: string): MetaPlace {
  const { sizes, spacing, distanceUnit } = fields;
  const [width = 1, height = 1, depth = 1] = sizes;
  const size: Triple = [width, height, depth];
  const scale = distanceUnit === undefined ? 1 : millimetres[distanceUnit.toLowerCase()];
  const mm = scale === undefined ? undefined : spacing?.map((step) => step * scale);
  checkSpacing(mm, name);
  const notes = scale === undefined ? [`Its unit of distance, "${distanceUnit}", is unknown.`] : [];
  const directions = fields.directions ?? (assumed.directions && rowsOf(assumed.directions));
  const origin = fields.offset?.map((value) => value * (scale ?? 1)) ?? assumed.origin;
  const missing = [
    ...(sizes.length < 3 ? ["a third axis"] : []),
    ...(mm ? [] : ["ElementSpacing"]),
    ...(directions ? [] : ["TransformMatrix"]),
    ...(origin ? [] : ["Offset"]),
  ];
  const channels = laterAxes(fields);
  if (missing.length > 0 || !mm || !directions || !origin) {
    const geometry: Geometry = { frame: "pixels", size, spacing: mm && padded(mm) };
    const lost = `The place in the patient is unknown: the header lacks ${missing.join(" and ")}.`;
    return { geometry, channels, notes: [lost, ...notes] };
  }
  const direction = directionOf(directions, sizes.length, name);
  const geometry = patientGeometry({
    size,
    spacing: padded(mm),
    origin: triple(origin),
    direction,
  });
  return { geometry, channels, notes: [...notes, ...contradiction(direction, fields.anatomical)] };
}

function rowsOf(m: Matrix3): number[][] {
  return [m.slice(0, 3), m.slice(3, 6), m.slice(6, 9)];
}

function padded([x, y = 1, z = 1]: readonly number[]): Triple {
  return [x, y, z];
}

function triple([x, y, z]: readonly number[]): Triple {
  return [x, y, z];
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

/** Rows become columns; axes in space must not mix with later ones. */
function directionOf(
  directions: readonly (readonly number[])[],
  dimensions: number,
  name: string,
): Matrix3 {
  const [x, y, z] = directions;
  const direction: Matrix3 = [x[0], y[0], z[0], x[1], y[1], z[1], x[2], y[2], z[2]];
  const mixed = directions.some((row, at) =>
    row.some((value, to) => value !== 0 && at < 3 !== to < 3 && dimensions > 3),
  );
  if (isOrthonormal(direction) && !mixed) return direction;
  throw invalid(name, "unit vectors at right angles as TransformMatrix", directions.join(" "));
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
