// Reads NIfTI-1, NIfTI-2 and Analyze 7.5, in one file or in two, gzipped or not.

import {
  type ByteSource,
  type ChannelAxis,
  channelCount,
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
import { damaged, truncated } from "../damage.ts";
import { readBytes } from "../elements/byte-reader.ts";
import type {
  HeaderValue,
  ImageDescription,
  ImageFile,
  ImageHeader,
  ImageReadOptions,
} from "../images/image-file.ts";
import type { FoundGeometry, GeometryChoice } from "../images/stated-geometry.ts";
import { analyzeChannels, analyzeGeometry } from "./analyze.ts";
import { channelAxes } from "./axes.ts";
import { bytesOf, type DataType, dataType, plainType, scaledType } from "./data-types.ts";
import { type NiftiExtension, parseExtensions } from "./extensions.ts";
import { niftiGeometry } from "./geometry.ts";
import { axisLengths, type ParsedHeader, readHeader } from "./header.ts";
import { openPair } from "./pair.ts";
import { analyzeScale, niftiScale, type Scale } from "./scaling.ts";
import { readVoxels } from "./voxels.ts";

/** A NIfTI or Analyze image as it was read. */
export interface NiftiFile extends ImageFile {
  readonly format: "nifti" | "analyze";
  /** Blocks after the header; give them to `writeNifti` to keep them. */
  readonly extensions: readonly NiftiExtension[];
}

/** A header and what follows from it. */
interface Plan extends FoundGeometry {
  readonly parsed: ParsedHeader;
  readonly type: DataType;
  readonly size: Triple;
  readonly channels: readonly ChannelAxis[];
  readonly scale: Scale | undefined;
}

/**
 * Reads an image: any element type of 8 to 64 bits, both byte orders, up to seven axes.
 *
 * Values are slope · stored + inter: stored integers keep their type where there is no scale, else become
 * float32, or float64 where they have 32 bits or more. 64-bit integers become int32 where all fit, else
 * float64. Complex voxels get a channel axis "complex" (real, imaginary), RGB and RGBA one "color".
 * The fourth axis becomes "time" in seconds, the fifth "vector" or what its intent says.
 *
 * The place is the sform's if its code is above 0, else the qform's, turned from RAS+ to LPS mm. A file
 * that has neither, and every Analyze file, gives an image in frame "pixels".
 * @param options.beside opens the other file of a pair (.hdr and .img)
 * @throws RoentgenError "file-corrupt", "file-truncated"; "format-unsupported" for voxels of 1 and 128 bits;
 *   "value-invalid" for a sheared sform, see `GeometryChoice`; "value-missing" for a pair's other file
 */
export async function readNifti(
  source: ByteSource,
  { beside, geometry, signal }: ImageReadOptions = {},
): Promise<NiftiFile> {
  throwIfCancelled(signal, "Reading");
  const pair = await openPair(source, beside);
  const reader = await unpackedReader(pair.header);
  try {
    const plan = await readPlan(reader, geometry);
    const { single } = plan.parsed;
    const voxelReader = single ? reader : await unpackedReader(await pair.voxels());
    try {
      return await readImage({ plan, reader, voxelReader, signal });
    } finally {
      if (!single) await voxelReader.close();
    }
  } finally {
    await reader.close();
    await pair.close();
  }
}

/** What the header says; of a pair, either file may be given. */
export async function inspectNifti(
  source: ByteSource,
  { beside, geometry }: ImageReadOptions = {},
): Promise<ImageDescription> {
  const pair = await openPair(source, beside);
  const reader = await unpackedReader(pair.header, { pieceBytes: HEADER_PIECE });
  try {
    const { parsed, type, size, channels, scale, ...found } = await readPlan(reader, geometry);
    return {
      format: parsed.kind === "analyze" ? "analyze" : "nifti",
      size,
      geometry: found.geometry,
      channels,
      type: scale && type.axis !== "color" ? scaledType(type.stored) : plainType(type.stored),
      storedType: type.name,
      notes: found.notes,
      header: plainHeader(parsed, []),
    };
  } finally {
    await reader.close();
    await pair.close();
  }
}

async function readPlan(reader: UnpackedReader, choice: GeometryChoice | undefined): Promise<Plan> {
  const { name } = reader;
  const parsed = await readHeader(reader);
  const type = dataType(parsed.fields.datatype, name);
  const lengths = axisLengths(parsed.fields, name);
  const size: Triple = [lengths[0], lengths[1], lengths[2]];
  if (parsed.kind === "analyze") {
    const channels = analyzeChannels(lengths, type);
    const scale = analyzeScale(parsed.fields);
    const found = analyzeGeometry(parsed.fields, size, { choice, scale });
    return { parsed, type, size, channels, scale, ...found };
  }
  const channels = channelAxes(lengths, parsed.fields, type);
  const scale = niftiScale(parsed.fields, name);
  const found = niftiGeometry(parsed.fields, size, { choice, name });
  return { parsed, type, size, channels, scale, ...found };
}

async function readImage(work: {
  plan: Plan;
  reader: UnpackedReader;
  voxelReader: UnpackedReader;
  signal: AbortSignal | undefined;
}): Promise<NiftiFile> {
  const { plan, reader, voxelReader, signal } = work;
  const { parsed, type, geometry, channels, scale } = plan;
  const volume = voxelCount(geometry);
  const volumes = channelCount({ channels }) / type.parts;
  const offset = voxelOffset(parsed, reader, volume * volumes * type.parts * bytesOf(type.stored));
  const between = await readBetween(parsed, reader, offset.at);
  const { extensions, notes: odd } = parseExtensions(between, parsed.byteOrder);
  if (!parsed.single && offset.at > 0) await readBytes(voxelReader, offset.at);
  throwIfCancelled(signal, "Reading");
  const { byteOrder } = parsed;
  const voxels = await readVoxels(voxelReader, { type, byteOrder, volume, volumes, scale });
  const rest = (await voxelReader.atEnd())
    ? []
    : ["The file has more bytes than its header announces; they were not read."];
  return {
    image: makeImage({ geometry, channels, data: voxels.data }),
    format: parsed.kind === "analyze" ? "analyze" : "nifti",
    notes: [...plan.notes, ...offset.notes, ...odd, ...(voxels.notes ?? []), ...rest],
    header: plainHeader(parsed, extensions),
    extensions,
  };
}

/**
 * Where the voxels begin. A single file whose offset lies within its header is read only where its length
 * proves that the voxels follow the header at once.
 */
function voxelOffset(
  { kind, single, headerBytes, fields }: ParsedHeader,
  reader: UnpackedReader,
  dataBytes: number,
): { at: number; notes: string[] } {
  const at = fields.vox_offset;
  const usual = headerBytes + 4;
  const sound = Number.isSafeInteger(at) && at >= (single ? usual : 0);
  if (sound) return { at, notes: [] };
  // SPM's Analyze has negative offsets for volumes that are compressed each on its own.
  const follows = reader.packed || reader.remaining === dataBytes + 4;
  if (kind !== "analyze" && single && at >= 0 && at < usual && follows) {
    return {
      at: usual,
      notes: [`vox_offset is ${at}; the voxels were read from byte ${usual}, after the header.`],
    };
  }
  throw damaged(reader.name, {
    expected: `voxels from byte ${single ? usual : 0} on`,
    found: `vox_offset ${at}`,
  });
}

/** Header files with longer extensions than this are cut. */
const LONGEST_HEADER_FILE = 2 ** 26;

/** The bytes after the fixed header: up to the voxels, or to the end of a header file. */
async function readBetween(
  { kind, single, headerBytes }: ParsedHeader,
  reader: UnpackedReader,
  offset: number,
): Promise<Uint8Array> {
  if (kind === "analyze") return new Uint8Array();
  if (single) {
    if (offset - headerBytes > reader.remaining) {
      const expected = `voxels from byte ${offset} on`;
      throw truncated(reader.name, { expected, found: "the end of the file" });
    }
    return readBytes(reader, offset - headerBytes);
  }
  return reader.readAtMost(LONGEST_HEADER_FILE);
}

function plainHeader(parsed: ParsedHeader, extensions: readonly NiftiExtension[]): ImageHeader {
  const blocks = extensions.map(({ code, bytes }) => ({ code, bytes: bytes.byteLength }));
  return {
    version: parsed.kind,
    byteOrder: parsed.byteOrder,
    ...(parsed.fields as unknown as Record<string, HeaderValue>),
    ...(blocks.length > 0 && { extensions: blocks }),
  };
}
