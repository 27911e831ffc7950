// Where the voxels of a NRRD file are: its space, vectors and spacings as a grid in LPS millimetres.

import { type Affine, cross, type PixelGeometry, type Triple } from "../../base/index.ts";
import {
  type FoundGeometry,
  type GeometryChoice,
  statedGeometry,
} from "../images/stated-geometry.ts";
import { refuseForeignChoice } from "../voxels/foreign-choice.ts";
import type { NrrdAxis, NrrdFields } from "./fields.ts";

/** Signs that bring x and y of a space to left and posterior. */
const toLps: Readonly<Record<string, Triple>> = {
  ras: [-1, -1, 1],
  las: [1, -1, 1],
  lps: [1, 1, 1],
  "right-anterior-superior": [-1, -1, 1],
  "left-anterior-superior": [1, -1, 1],
  "left-posterior-superior": [1, 1, 1],
};

/** What each unit of length is in mm. */
const millimetres: Readonly<Record<string, number>> = {
  ...{ mm: 1, millimeter: 1, millimeters: 1, millimetre: 1, millimetres: 1 },
  ...{ cm: 10, centimeter: 10, centimeters: 10, m: 1000, meter: 1000, meters: 1000 },
  ...{ um: 1e-3, µm: 1e-3, μm: 1e-3, micron: 1e-3, microns: 1e-3, micrometer: 1e-3, nm: 1e-6 },
};

/**
 * The grid of up to three spatial axes. Its frame is "pixels" where the file does not prove the place:
 * no space or one without anatomical directions, no vectors, no origin; unless the choice is "axes", which
 * takes what is missing as ITK does: spaces for LPS, an origin of 0, axes for left, posterior and superior.
 * @throws RoentgenError "value-invalid" for vectors that are not at right angles
 */
export function placeOf(
  axes: readonly NrrdAxis[],
  fields: NrrdFields,
  choice: GeometryChoice,
  name: string,
): FoundGeometry {
  refuseForeignChoice(choice, name);
  const obstacle = choice === "pixels" ? "as chosen" : whyUnplaced(axes, fields);
  if (obstacle === "") return inPatient(axes, fields, choice, name);
  const { spacing, notes } = spacingOf(axes, fields);
  if (choice === "axes" && spacing) return alongAxes(axes, fields, spacing, notes);
  const geometry: PixelGeometry = { frame: "pixels", size: sizeOf(axes), spacing };
  const lost = `The place in the patient is unknown: ${obstacle}.`;
  return { geometry, notes: choice === "pixels" ? notes : [lost, ...notes] };
}

function sizeOf(axes: readonly NrrdAxis[]): Triple {
  const [width = 1, height = 1, depth = 1] = axes.map(({ size }) => size);
  return [width, height, depth];
}

/** A space with time is the same space. */
function spatialName(space = ""): string {
  return space.replace(/-time$/, "").replace(/^(...)t$/, "$1");
}

function whyUnplaced(axes: readonly NrrdAxis[], fields: NrrdFields): string {
  const { space, spaceDimension, spaceUnits, oriented, origin } = fields;
  if (spaceDimension === 0) return "the file names no space";
  if (!oriented) return 'the header has no "space directions"';
  if (spaceDimension < 3) return `its space has ${spaceDimension} dimensions`;
  if (!(spatialName(space) in toLps)) {
    return `its space, ${space ?? "without a name"}, has no anatomical directions`;
  }
  if (!origin) return 'the header has no "space origin"';
  const unit = spaceUnits?.slice(0, 3).find((one) => one && !(one.toLowerCase() in millimetres));
  if (unit !== undefined) return `its unit, "${unit}", is no length`;
  return axes.length < 2 ? "it has fewer than two axes in space" : "";
}

function inPatient(
  axes: readonly NrrdAxis[],
  { space, spaceUnits, origin }: NrrdFields,
  choice: GeometryChoice,
  name: string,
): FoundGeometry {
  const scale = toLps[spatialName(space)].map((sign, at) => sign * toMillimetres(spaceUnits?.[at]));
  const inLps = (vector: readonly number[] = [0, 0, 0]) =>
    scale.map((factor, at) => factor * vector[at]) as unknown as Triple;
  const columns = axes.map(({ vector }) => inLps(vector));
  const isSlice = columns.length === 2;
  if (isSlice) columns.push(normal(columns[0], columns[1], axes[1].thickness ?? 1));
  const note = "A slice in space: its third direction is the normal to the other two.";
  const affine = affineOf(columns, inLps(origin));
  const found = statedGeometry(affine, sizeOf(axes), { choice, what: "space directions", name });
  return isSlice ? { ...found, notes: [note, ...found.notes] } : found;
}

function affineOf([x, y, z]: readonly Triple[], origin: Triple): Affine {
  return [
    ...[x[0], y[0], z[0], origin[0]],
    ...[x[1], y[1], z[1], origin[1]],
    ...[x[2], y[2], z[2], origin[2]],
  ] as unknown as Affine;
}

/** What ITK takes where the header does not say it. */
function alongAxes(
  axes: readonly NrrdAxis[],
  { origin, oriented, spaceDimension }: NrrdFields,
  spacing: Triple,
  notes: readonly string[],
): FoundGeometry {
  const directions = oriented && spaceDimension >= 3 && axes.length === 3;
  const columns = directions
    ? axes.map(({ vector }) => vector?.slice(0, 3) as unknown as Triple)
    : spacing.map((mm, at) => [0, 1, 2].map((row) => (row === at ? mm : 0)) as unknown as Triple);
  const start = (origin?.slice(0, 3) ?? [0, 0, 0]) as unknown as Triple;
  const size = sizeOf(axes);
  const place = { choice: "axes" as const, what: "space directions", name: "the image" };
  const found = statedGeometry(
    affineOf(columns, [start[0], start[1] ?? 0, start[2] ?? 0]),
    size,
    place,
  );
  const taken =
    "The axes were taken for left, posterior and superior, as chosen; the file does not say it.";
  return { ...found, notes: [taken, ...notes, ...found.notes] };
}

function toMillimetres(unit: string | undefined): number {
  return unit ? millimetres[unit.toLowerCase()] : 1;
}

/** At right angles to two vectors; not a number where they are parallel. */
function normal(a: Triple, b: Triple, length: number): Triple {
  const product = cross(a, b);
  const norm = Math.hypot(...product);
  return product.map((value) => (value / norm) * length) as unknown as Triple;
}

/** Lengths of the axes' vectors, else their spacings, else what their ends and sizes make. */
function spacingOf(
  axes: readonly NrrdAxis[],
  { spaceUnits }: NrrdFields,
): { spacing: Triple | undefined; notes: string[] } {
  const steps = axes.map((axis) => stepOf(axis, spaceUnits?.[0]));
  if (steps.length === 0 || steps.some(({ mm }) => mm === undefined)) {
    const unit = steps.find((step) => step.unit !== undefined)?.unit;
    const note = `The spacing was left out: its unit, "${unit}", is no length.`;
    return { spacing: undefined, notes: unit === undefined ? [] : [note] };
  }
  const [x, y = 1, z = axes[1]?.thickness ?? 1] = steps.map(({ mm }) => mm as number);
  const notes = steps.some(({ told }) => !told) ? ["The spacing was taken as millimetres."] : [];
  return { spacing: [x, y, z], notes };
}

interface Step {
  readonly mm: number | undefined;
  /** Whether the file names a unit. */
  readonly told?: boolean;
  /** A unit that is no length. */
  readonly unit?: string;
}

function stepOf(axis: NrrdAxis, spaceUnit: string | undefined): Step {
  const length = axis.vector ? Math.hypot(...axis.vector) : (axis.spacing ?? extentStep(axis));
  const unit = axis.vector ? spaceUnit : axis.unit;
  if (length === undefined || length === 0) return { mm: undefined };
  if (!unit) return { mm: Math.abs(length), told: false };
  const factor = millimetres[unit.toLowerCase()];
  return factor === undefined
    ? { mm: undefined, unit }
    : { mm: Math.abs(length) * factor, told: true };
}

/** Nodes lie on the ends of an axis, cells between them. */
function extentStep({ min, max, size, centering }: NrrdAxis): number | undefined {
  if (min === undefined || max === undefined || centering === undefined) return undefined;
  const steps = centering === "node" ? size - 1 : size;
  return steps > 0 ? (max - min) / steps : undefined;
}
