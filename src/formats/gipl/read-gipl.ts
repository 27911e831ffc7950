// Reads GIPL volumes, gzipped or not (Guy's Image Processing Lab; itkGiplImageIO.cxx).

import {
  type ByteSource,
  type ChannelAxis,
  type Geometry,
  IDENTITY,
  makeImage,
  patientGeometry,
  type Triple,
  throwIfCancelled,
  voxelCount,
} from "../../base/index.ts";
import {
  HEADER_PIECE,
  type UnpackedReader,
  unpackedReader,
} from "../compression/unpacked-reader.ts";
import { damaged, unsupported } from "../damage.ts";
import { layoutBytes, readFields } from "../elements/binary-fields.ts";
import { checkRemaining, readBytes } from "../elements/byte-reader.ts";
import { allocateBytes } from "../elements/element-types.ts";
import type {
  ImageDescription,
  ImageFile,
  ImageHeader,
  ImageReadOptions,
} from "../images/image-file.ts";
import type { GeometryChoice } from "../images/stated-geometry.ts";
import { bytesOf, voxelsFromBytes } from "../voxels/stored-voxels.ts";
import { GIPL_HEADER, GIPL_MAGIC, GIPL_TYPES, type GiplType } from "./layout.ts";

interface GiplFields {
  readonly dim: readonly number[];
  readonly image_type: number;
  readonly pixdim: readonly number[];
  readonly origin: readonly number[];
  readonly pixval_offset: number;
  readonly pixval_cal: number;
  readonly magic: number;
}

interface Plan {
  readonly fields: GiplFields;
  readonly type: GiplType;
  readonly size: Triple;
  readonly geometry: Geometry;
  readonly channels: readonly ChannelAxis[];
  readonly notes: readonly string[];
}

/**
 * Reads a GIPL volume. The format states spacing and an origin but no sides: the image is in frame "pixels"
 * unless the choice of geometry is "axes", which takes i, j, k for left, posterior and superior as ITK does.
 * @throws RoentgenError "file-corrupt", "file-truncated"; "format-unsupported" for complex voxels and surfaces
 */
export async function readGipl(
  source: ByteSource,
  { geometry: choice, signal }: ImageReadOptions = {},
): Promise<ImageFile> {
  throwIfCancelled(signal, "Reading");
  const reader = await unpackedReader(source);
  try {
    const { fields, type, size, geometry, channels, notes } = await readPlan(reader, choice);
    const frames = channels[0]?.size ?? 1;
    const length = voxelCount({ size }) * frames * bytesOf(type.stored);
    checkRemaining(reader, length);
    const bytes = allocateBytes(length, `the voxels of ${source.name}`);
    await reader.readInto(bytes);
    const atEnd = await reader.atEnd();
    const rest = "The file has more bytes than its header announces; they were not read.";
    const data = voxelsFromBytes(bytes, type.stored, "big", source.name);
    return {
      image: makeImage({ geometry, channels, data }),
      format: "gipl",
      notes: atEnd ? notes : [...notes, rest],
      header: fields as unknown as ImageHeader,
    };
  } finally {
    await reader.close();
  }
}

/** What the header says. */
export async function inspectGipl(
  source: ByteSource,
  { geometry: choice }: ImageReadOptions = {},
): Promise<ImageDescription> {
  const reader = await unpackedReader(source, { pieceBytes: HEADER_PIECE });
  try {
    const { fields, type, ...plan } = await readPlan(reader, choice);
    const header = fields as unknown as ImageHeader;
    return { format: "gipl", ...plan, type: type.stored, storedType: type.name, header };
  } finally {
    await reader.close();
  }
}

async function readPlan(reader: UnpackedReader, choice: GeometryChoice | undefined): Promise<Plan> {
  const { name } = reader;
  const bytes = await readBytes(reader, layoutBytes(GIPL_HEADER));
  const fields = readFields(bytes, GIPL_HEADER, "big") as unknown as GiplFields;
  if (!GIPL_MAGIC.includes(fields.magic)) {
    const found = `0x${fields.magic.toString(16)}`;
    throw damaged(name, { expected: "GIPL's mark 0xefffe9b0 at byte 252", found });
  }
  // Axes that a file does not have are 0 or 1.
  const [width, height, depth, frames] = fields.dim.map((n, axis) => (axis > 1 && n === 0 ? 1 : n));
  const size: Triple = [width, height, depth];
  if (width === 0 || height === 0) {
    throw damaged(name, { expected: "axes of at least one voxel", found: fields.dim.join(" × ") });
  }
  const channels = frames > 1 ? [{ name: "time", size: frames }] : [];
  const type = giplType(fields.image_type, name);
  return { fields, type, size, channels, ...giplGeometry(fields, size, choice) };
}

function giplGeometry(
  { pixdim, origin, pixval_cal, pixval_offset }: GiplFields,
  size: Triple,
  choice: GeometryChoice | undefined,
): Pick<Plan, "geometry" | "notes"> {
  const steps = pixdim.slice(0, 3).map(Math.abs);
  if (size[2] === 1 && steps[2] === 0) steps[2] = 1;
  const stated = steps.every((step) => Number.isFinite(step) && step > 0);
  const spacing = stated ? (steps as unknown as Triple) : undefined;
  const calibrated = ![0, 1].includes(pixval_cal) || pixval_offset !== 0;
  const calibration = calibrated
    ? [`The header calibrates values by ${pixval_cal} and ${pixval_offset}; that was not applied.`]
    : [];
  const [x, y, z] = origin;
  if (choice === "axes" && spacing && [x, y, z].every(Number.isFinite)) {
    const geometry = patientGeometry({ size, spacing, origin: [x, y, z], direction: IDENTITY });
    return { geometry, notes: calibration };
  }
  const note = "GIPL does not say which side is left, so the image has no place in the patient.";
  return { geometry: { frame: "pixels", size, spacing }, notes: [note, ...calibration] };
}

function giplType(code: number, name: string): GiplType {
  const found = GIPL_TYPES.find((type) => type.code === code);
  if (found) return found;
  const others: Record<number, string> = {
    144: "complex short",
    160: "complex int",
    192: "complex float",
    193: "complex double",
    200: "a surface",
    201: "a polygon",
  };
  if (!others[code]) throw damaged(name, { expected: "a type of voxels", found: `type ${code}` });
  throw unsupported(name, { expected: "real voxels", found: others[code] });
}
