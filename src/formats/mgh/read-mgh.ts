// Reads FreeSurfer's MGH and MGZ volumes (FsMghFormat; mriio.cpp, mghRead).

import {
  type Affine,
  type ByteSource,
  type ChannelAxis,
  makeImage,
  type Triple,
  throwIfCancelled,
  voxelCount,
} from "../../base/index.ts";
import {
  HEADER_PIECE,
  type UnpackedReader,
  unpackedReader,
} from "../compression/unpacked-reader.ts";
import { damaged } from "../damage.ts";
import { layoutBytes, readFields } from "../elements/binary-fields.ts";
import { checkRemaining, readBytes } from "../elements/byte-reader.ts";
import { allocateBytes } from "../elements/element-types.ts";
import type {
  ImageDescription,
  ImageFile,
  ImageHeader,
  ImageReadOptions,
} from "../images/image-file.ts";
import {
  type FoundGeometry,
  type GeometryChoice,
  spansSpace,
  statedGeometry,
} from "../images/stated-geometry.ts";
import { bytesOf, voxelsFromBytes } from "../voxels/stored-voxels.ts";
import { type MghType, mghType } from "./data-types.ts";
import { MGH_FOOTER, MGH_HEADER, VOXEL_OFFSET } from "./layout.ts";

interface MghFields {
  readonly version: number;
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly nframes: number;
  readonly type: number;
  readonly goodRASFlag: number;
  readonly delta: readonly number[];
  readonly Mdc: readonly number[];
  readonly Pxyz_c: readonly number[];
}

interface Plan extends FoundGeometry {
  readonly fields: MghFields;
  readonly type: MghType;
  readonly size: Triple;
}

/**
 * Reads an MGH volume, gzipped (.mgz) or not. Frames become a channel axis: "time" in seconds where the
 * scan's parameters after the voxels have a repetition time, else "frame". Those parameters are in `header`.
 * A file whose goodRASFlag is not set gives an image in frame "pixels".
 * @throws RoentgenError "file-corrupt", "file-truncated", "format-unsupported", "value-invalid" for sheared axes
 */
export async function readMgh(
  source: ByteSource,
  { geometry: choice, signal }: ImageReadOptions = {},
): Promise<ImageFile> {
  throwIfCancelled(signal, "Reading");
  const reader = await unpackedReader(source);
  try {
    const { fields, type, size, geometry, notes } = await readPlan(reader, choice);
    const length = voxelCount({ size }) * fields.nframes * bytesOf(type.stored);
    checkRemaining(reader, length);
    const bytes = allocateBytes(length, `the voxels of ${source.name}`);
    await reader.readInto(bytes);
    const footer = await readFooter(reader);
    const data = voxelsFromBytes(bytes, type.stored, "big", source.name);
    const channels = frameAxis(fields.nframes, footer.tr as number | undefined);
    const header = { ...fields, ...footer } as unknown as ImageHeader;
    return { image: makeImage({ geometry, channels, data }), format: "mgh", notes, header };
  } finally {
    await reader.close();
  }
}

/** What the header says. */
export async function inspectMgh(
  source: ByteSource,
  { geometry: choice }: ImageReadOptions = {},
): Promise<ImageDescription> {
  const reader = await unpackedReader(source, { pieceBytes: HEADER_PIECE });
  try {
    const { fields, type, size, geometry, notes } = await readPlan(reader, choice);
    const channels = frameAxis(fields.nframes, undefined);
    const header = fields as unknown as ImageHeader;
    const types = { type: type.stored, storedType: type.name };
    return { format: "mgh", size, geometry, channels, ...types, notes, header };
  } finally {
    await reader.close();
  }
}

async function readPlan(reader: UnpackedReader, choice: GeometryChoice | undefined): Promise<Plan> {
  const { name } = reader;
  const bytes = await readBytes(reader, VOXEL_OFFSET);
  const fields = readFields(bytes, MGH_HEADER, "big") as unknown as MghFields;
  const size: Triple = [fields.width, fields.height, fields.depth];
  if (fields.version !== 1) {
    throw damaged(name, { expected: "an MGH file of version 1", found: `${fields.version}` });
  }
  const lengths = [...size, fields.nframes];
  if (!lengths.every((length) => length > 0)) {
    throw damaged(name, { expected: "axes of at least one voxel", found: lengths.join(" × ") });
  }
  const type = mghType(fields.type, name);
  return { fields, type, size, ...mghGeometry(fields, size, { choice, name }) };
}

/** The place by directions, spacing and the RAS of the middle. */
function mghGeometry(
  { goodRASFlag, delta, Mdc, Pxyz_c }: MghFields,
  size: Triple,
  { choice = "stated", name }: { choice: GeometryChoice | undefined; name: string },
): FoundGeometry {
  const numbers = [...delta, ...Mdc, ...Pxyz_c];
  const spaced = delta.every((step) => Number.isFinite(step) && step > 0);
  const spacing = goodRASFlag === 1 && spaced ? (delta as unknown as Triple) : undefined;
  if (choice === "pixels") return { geometry: { frame: "pixels", size, spacing }, notes: [] };
  const affine = vox2lps(delta, Mdc, Pxyz_c, size);
  if (goodRASFlag === 1 && numbers.every(Number.isFinite) && spaced && spansSpace(affine)) {
    return statedGeometry(affine, size, { choice, what: "set of directions", name });
  }
  const found = goodRASFlag === 1 ? "has no valid directions" : "does not say where it lies";
  const notes = [`The file ${found}, so the image has no place in the patient.`];
  return { geometry: { frame: "pixels", size, spacing }, notes };
}

/** FreeSurfer's vox2ras with x and y turned round: the middle is voxel size / 2, not (size − 1) / 2. */
function vox2lps(
  delta: readonly number[],
  directions: readonly number[],
  centre: readonly number[],
  size: Triple,
): Affine {
  const rows = [0, 1, 2].map((row) => {
    const sign = row < 2 ? -1 : 1;
    const steps = delta.map((step, axis) => sign * directions[3 * axis + row] * step);
    const offset = steps.reduce((sum, step, axis) => sum + (step * size[axis]) / 2, 0);
    return [...steps, sign * centre[row] - offset];
  });
  return rows.flat() as unknown as Affine;
}

/** TR, flip angle, TE, TI and field of view, as many as there are. */
async function readFooter(reader: UnpackedReader): Promise<Record<string, number>> {
  const bytes = await reader.readAtMost(layoutBytes(MGH_FOOTER));
  const there = MGH_FOOTER.slice(0, Math.floor(bytes.byteLength / 4));
  return readFields(bytes, there, "big") as Record<string, number>;
}

function frameAxis(count: number, repetitionMs: number | undefined): ChannelAxis[] {
  if (count === 1) return [];
  const step = (repetitionMs ?? 0) / 1000;
  if (!(step > 0)) return [{ name: "frame", size: count }];
  const values = Array.from({ length: count }, (_, at) => at * step);
  return [{ name: "time", size: count, values, unit: "s" }];
}
