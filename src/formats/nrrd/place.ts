// Where the voxels of a NRRD file are: its space, vectors and spacings as a grid in LPS millimetres.

import type { Geometry, Matrix3, PixelGeometry, Triple } from "../../base/index.ts";
import { isOrthonormal, patientGeometry, RoentgenError } from "../../base/index.ts";
import type { NrrdAxis, NrrdFields } from "./fields.ts";

/** What the caller knows and the file does not say. */
export interface NrrdAssumptions {
  /** For files in a space without anatomical directions (scanner-xyz, 3D-right-handed, only a dimension). */
  space?: "LPS" | "RAS" | "LAS";
  /** Centre of the first voxel in mm, in the file's space, for files without "space origin". */
  origin?: Triple;
}

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
 * no space or one without anatomical directions, no vectors, no origin.
 * @throws RoentgenError "value-invalid" for vectors that are not at right angles
 */
export function placeOf(
  axes: readonly NrrdAxis[],
  fields: NrrdFields,
  { space: assumed, origin: assumedOrigin }: NrrdAssumptions,
  name: string,
): { geometry: Geometry; notes: string[] } {
  const [width = 1, height = 1, depth = 1] = axes.map(({ size }) => size);
  const size: Triple = [width, height, depth];
  const signs = toLps[spatialName(fields.space)] ?? (assumed && toLps[assumed.toLowerCase()]);
  const origin = fields.origin?.slice(0, 3) ?? assumedOrigin;
  const obstacle = whyUnplaced(axes, fields, signs !== undefined, origin !== undefined);
  if (obstacle === "" && signs && origin) return inPatient(axes, fields, size, signs, origin, name);
  const { spacing, notes } = spacingOf(axes, fields);
  const geometry: PixelGeometry = { frame: "pixels", size, spacing };
  const lost = obstacle && `The place in the patient is unknown: ${obstacle}.`;
  return { geometry, notes: lost ? [lost, ...notes] : notes };
}

/** A space with time is the same space. */
function spatialName(space = ""): string {
  return space.replace(/-time$/, "").replace(/^(...)t$/, "$1");
}

function whyUnplaced(
  axes: readonly NrrdAxis[],
  { space, spaceDimension, spaceUnits, oriented }: NrrdFields,
  isAnatomical: boolean,
  hasOrigin: boolean,
): string {
  if (spaceDimension === 0) return "the file names no space";
  if (!oriented) return 'the header has no "space directions"';
  if (spaceDimension < 3) return `its space has ${spaceDimension} dimensions`;
  if (!isAnatomical) return `its space, ${space ?? "without a name"}, has no anatomical directions`;
  if (!hasOrigin) return 'the header has no "space origin"';
  const unit = spaceUnits?.slice(0, 3).find((one) => one && !(one.toLowerCase() in millimetres));
  if (unit !== undefined) return `its unit, "${unit}", is no length`;
  return axes.length < 2 ? "it has fewer than two axes in space" : "";
}

function inPatient(
  axes: readonly NrrdAxis[],
  { spaceUnits }: NrrdFields,
  size: Triple,
  signs: Triple,
  origin: readonly number[],
  name: string,
) {
  const scale = signs.map((sign, at) => sign * toMillimetres(spaceUnits?.[at]));
  const inLps = (vector: readonly number[]) =>
    scale.map((factor, at) => factor * vector[at]) as unknown as Triple;
  const columns = axes.map(({ vector }) => inLps(vector as readonly number[]));
  const notes: string[] = [];
  if (columns.length === 2) {
    const thickness = axes[1].thickness ?? 1;
    columns.push(normal(columns[0], columns[1], thickness));
    notes.push("A slice in space: its third direction is the normal to the other two.");
  }
  const spacing = columns.map((column) => Math.hypot(...column)) as unknown as Triple;
  const [x, y, z] = columns.map((column, at) => column.map((value) => value / spacing[at]));
  const direction: Matrix3 = [x[0], y[0], z[0], x[1], y[1], z[1], x[2], y[2], z[2]];
  if (!isOrthonormal(direction)) throw sheared(columns, name);
  return { geometry: patientGeometry({ size, spacing, origin: inLps(origin), direction }), notes };
}

function toMillimetres(unit: string | undefined): number {
  return unit ? millimetres[unit.toLowerCase()] : 1;
}

function normal(a: Triple, b: Triple, length: number): Triple {
  const cross = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
  const norm = Math.hypot(...cross);
  return cross.map((value) => (value / norm) * length) as unknown as Triple;
}

function sheared(columns: readonly Triple[], name: string): RoentgenError {
  return new RoentgenError("value-invalid", {
    problem: `Cannot read ${name}`,
    expected: "space directions at right angles to each other",
    found: columns.map((column) => `(${column.join(", ")})`).join(" "),
    remedy: "Resample it to a grid without shear, for example in 3D Slicer, and read that.",
    subject: name,
  });
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
