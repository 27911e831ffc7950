// b-value and gradient direction of a frame: the MR Diffusion Macro (PS3.3 C.8.13.5.9), else the private elements
// of Siemens, GE, Philips and Canon.

import { cross, type Triple } from "../../../base/index.ts";
import type { DataSet } from "../data-set/data-set.ts";
import { number, numbers, sequence, text } from "../data-set/values.ts";
import { type CsaHeader, csaNumbers } from "./csa-header.ts";
import { type PrivateTag, privateNumbers } from "./private-elements.ts";
import { unit } from "./vectors.ts";

export interface Diffusion {
  /** s/mm². */
  readonly bValue: number;
  /** Unit vector in LPS; undefined where b is 0 or the image is a mean over directions. */
  readonly gradient?: Triple;
}

/** What the frame's header says of diffusion; undefined of an image that is not diffusion-weighted. */
export function diffusionOf(dataSet: DataSet, csa?: CsaHeader): Diffusion | undefined {
  return (
    standard(dataSet) ??
    siemens(dataSet, csa) ??
    philips(dataSet) ??
    (text(dataSet, "Manufacturer")?.toUpperCase().startsWith("GE") ? ge(dataSet) : undefined)
  );
}

function standard(dataSet: DataSet): Diffusion | undefined {
  const bValue = number(dataSet, 0x00189087);
  if (bValue === undefined || !isPlausible(bValue)) return undefined;
  const [direction] = sequence(dataSet, 0x00189076);
  const given = numbers(dataSet, 0x00189089);
  const nested = direction ? numbers(direction, 0x00189089) : [];
  const along = nested.length === 3 ? nested : given;
  return made(bValue, text(dataSet, 0x00189075) === "ISOTROPIC" ? [] : [...along]);
}

const SIEMENS_MR = { group: 0x0019, creator: "SIEMENS MR HEADER" };
const SIEMENS_B: PrivateTag = { ...SIEMENS_MR, element: 0x0c };
const SIEMENS_DIRECTION: PrivateTag = { ...SIEMENS_MR, element: 0x0e };

function siemens(dataSet: DataSet, csa: CsaHeader | undefined): Diffusion | undefined {
  const [own] = privateNumbers(dataSet, SIEMENS_B, "text");
  const bValue = own ?? csaNumbers(csa, "B_value")[0];
  if (bValue === undefined || !isPlausible(bValue)) return undefined;
  const direction = privateNumbers(dataSet, SIEMENS_DIRECTION, "FD");
  const fallback = csaNumbers(csa, "DiffusionGradientDirection");
  return made(bValue, direction.length === 3 ? direction : fallback);
}

const PHILIPS = { group: 0x2001, creator: "Philips Imaging DD 001" };
const PHILIPS_B: PrivateTag = { ...PHILIPS, element: 0x03 };
const PHILIPS_DIRECTIONS = [0xb0, 0xb1, 0xb2].map(
  (element): PrivateTag => ({ group: 0x2005, creator: "Philips MR Imaging DD 001", element }),
);

/** Philips writes b = 0 on every image, diffusion or not; a series of nothing but 0 is no diffusion series. */
function philips(dataSet: DataSet): Diffusion | undefined {
  const [bValue] = privateNumbers(dataSet, PHILIPS_B, "FL");
  if (bValue === undefined || !isPlausible(bValue)) return undefined;
  return made(
    bValue,
    PHILIPS_DIRECTIONS.map((tag) => privateNumbers(dataSet, tag, "FL")[0]),
  );
}

const GE_B: PrivateTag = { group: 0x0043, creator: "GEMS_PARM_01", element: 0x39 };
const GE_DIRECTIONS = [0xbb, 0xbc, 0xbd].map(
  (element): PrivateTag => ({ group: 0x0019, creator: "GEMS_ACQU_01", element }),
);

/**
 * GE's first of (0043,xx39) holds the b-value, plus 10⁹ on newer systems; its directions, (0019,xxBB) to BD, are
 * along the axes of encoding, not along the patient.
 */
function ge(dataSet: DataSet): Diffusion | undefined {
  const [stored] = privateNumbers(dataSet, GE_B, "text");
  const direction = GE_DIRECTIONS.map((tag) => privateNumbers(dataSet, tag, "text")[0]);
  if (stored === undefined || !Number.isFinite(stored)) return undefined;
  const bValue = stored >= 1e9 ? stored % 100_000 : stored;
  if (!isPlausible(bValue)) return undefined;
  return made(bValue, bValue > 0 ? alongPatient(dataSet, direction) : []);
}

/**
 * GE's x and y are along columns and rows where phase is encoded along columns, swapped with one reversed where
 * along rows; z is against the normal. Known up to the sign, which diffusion does not depend on.
 */
function alongPatient(dataSet: DataSet, [x, y, z]: readonly number[]): number[] {
  const cosines = numbers(dataSet, 0x00200037);
  if (cosines.length !== 6 || ![x, y, z].every(Number.isFinite)) return [];
  const row = [...cosines].slice(0, 3) as unknown as Triple;
  const column = [...cosines].slice(3) as unknown as Triple;
  const normal = cross(row, column);
  const [along, down] = text(dataSet, 0x00181312) === "ROW" ? [y, -x] : [x, y];
  return [0, 1, 2].map((at) => along * row[at] + down * column[at] - z * normal[at]);
}

/** A quarter of a million s/mm² is beyond any scanner: such numbers are something else. */
function isPlausible(bValue: number): boolean {
  return Number.isFinite(bValue) && bValue >= 0 && bValue < 250_000;
}

function made(bValue: number, direction: readonly (number | undefined)[]): Diffusion {
  const isVector = direction.length === 3 && direction.every((part) => Number.isFinite(part));
  const gradient = isVector && bValue > 0 ? unit(direction as unknown as Triple) : undefined;
  return gradient ? { bValue, gradient } : { bValue };
}
