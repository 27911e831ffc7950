// Reads NRRD images, headers attached or detached (https://teem.sourceforge.net/nrrd/format.html).

import type { ByteSource, Image } from "../../base/index.ts";
import { makeImage } from "../../base/index.ts";
import type { ByteOrder } from "../elements/byte-order.ts";
import type {
  HeaderValue,
  ImageDescription,
  ImageFile,
  ImageHeader,
  ImageReadOptions,
} from "../images/image-file.ts";
import { permuteAxes } from "../voxels/permute-axes.ts";
import { readType } from "../voxels/stored-voxels.ts";
import { layOut, type NrrdLayout } from "./axes.ts";
import { readNrrdData } from "./data.ts";
import { type NrrdFields, readFields } from "./fields.ts";
import { type NrrdHeader, readNrrdHeader } from "./header.ts";
import { readSegments } from "./segments.ts";

export interface NrrdReadOptions extends ImageReadOptions {
  /** Of numbers of several bytes, for files that do not say it. */
  byteOrder?: ByteOrder;
}

/**
 * Reads NRRD0001 to NRRD0005: all encodings (raw, text, hex, gzip, bzip2), types and spaces. Axes that are
 * not in space become channels. Vectors and tensors stay in the file's measurement frame.
 * @throws RoentgenError "file-corrupt", "file-truncated", "format-unsupported" (type block), "value-missing"
 *   (byte order, files beside), "value-invalid" (shear, 64-bit numbers that float64 cannot hold), "too-large"
 */
export async function readNrrd(
  source: ByteSource,
  options: NrrdReadOptions = {},
): Promise<ImageFile> {
  const { header, fields, layout } = await readLayout(source, options);
  const stored = await readNrrdData(source, header, fields, options.beside);
  const sizes = fields.axes.map(({ size }) => size);
  const data = permuteAxes(stored, sizes, layout.order);
  const { geometry, channels } = layout;
  const image: Image = makeImage({ geometry, channels, data, unit: unitOf(header) });
  return { image, format: "nrrd", notes: notesOf(header, layout), header: describe(header) };
}

/** What the header says; voxels are not read. */
export async function inspectNrrd(
  source: ByteSource,
  options: NrrdReadOptions = {},
): Promise<ImageDescription> {
  const { header, fields, layout } = await readLayout(source, options);
  const { geometry, channels } = layout;
  const unit = unitOf(header);
  return {
    format: "nrrd",
    ...{ size: geometry.size, geometry, channels },
    type: readType(fields.type),
    storedType: header.fields.get("type") ?? fields.type,
    ...(unit && { unit }),
    notes: notesOf(header, layout),
    header: describe(header),
  };
}

interface Plan {
  readonly header: NrrdHeader;
  readonly fields: NrrdFields;
  readonly layout: NrrdLayout;
}

async function readLayout(
  source: ByteSource,
  { byteOrder, geometry = "stated" }: NrrdReadOptions,
): Promise<Plan> {
  const header = await readNrrdHeader(source);
  const fields = readFields(header, source.name, { byteOrder });
  return { header, fields, layout: layOut(fields, geometry, source.name) };
}

/** "sample units", with or without quotes. */
function unitOf({ fields }: NrrdHeader): string | undefined {
  return fields.get("sampleunits")?.replace(/^"(.*)"$/, "$1") || undefined;
}

function notesOf(header: NrrdHeader, layout: NrrdLayout): string[] {
  const quantised = header.fields.has("oldmin") || header.fields.has("oldmax");
  const note =
    'The values are quantised: "old min" and "old max" in the header are their range before.';
  return [...layout.notes, ...(quantised ? [note] : [])];
}

function describe({ version, spelled, keyValues, comments }: NrrdHeader): ImageHeader {
  const segments = readSegments(keyValues);
  return {
    version,
    ...spelled,
    ...(Object.keys(keyValues).length > 0 && { keyValues }),
    ...(comments.length > 0 && { comments }),
    ...(segments.length > 0 && { segments: segments as unknown as HeaderValue }),
  };
}
