// Reads MetaImage files, .mha with their voxels and .mhd with voxels beside them (MetaIO documentation).

import type { ByteSource, ChannelAxis, VoxelArray } from "../../base/index.ts";
import { makeImage } from "../../base/index.ts";
import type { ImageDescription, ImageFile, ImageReadOptions } from "../images/image-file.ts";
import { permuteAxes } from "../voxels/permute-axes.ts";
import { readType } from "../voxels/stored-voxels.ts";
import { readMetaData } from "./data.ts";
import { type MetaFields, readMetaFields } from "./fields.ts";
import { type MetaHeader, readMetaHeader } from "./header.ts";
import { type MetaPlace, placeOf } from "./place.ts";

/**
 * Reads MetaImage: raw, compressed and text, both byte orders, one file of voxels or many. Three values a
 * voxel are colours where they are bytes, else components of a vector.
 * @throws RoentgenError "file-corrupt", "file-truncated", "format-unsupported", "value-missing" (files
 *   beside), "value-invalid" (shear, 64-bit numbers that float64 cannot hold)
 */
export async function readMetaImage(
  source: ByteSource,
  options: ImageReadOptions = {},
): Promise<ImageFile> {
  const { header, fields, place } = await readPlan(source, options);
  const stored = await readMetaData(source, header, fields, options.beside);
  const { sizes, channels } = fields;
  const order = [...sizes.map((_, at) => at + 1), 0];
  const permuted = permuteAxes(stored, [channels, ...sizes], order);
  const data = rescaled(permuted, fields);
  const image = makeImage({ geometry: place.geometry, channels: channelsOf(fields, place), data });
  const notes = [...place.notes, ...scaleNotes(fields)];
  return { image, format: "metaimage", notes, header: header.spelled };
}

/** What the header says; voxels are not read. */
export async function inspectMetaImage(
  source: ByteSource,
  options: ImageReadOptions = {},
): Promise<ImageDescription> {
  const { header, fields, place } = await readPlan(source, options);
  const { geometry } = place;
  return {
    format: "metaimage",
    ...{ size: geometry.size, geometry, channels: channelsOf(fields, place) },
    type: isScaled(fields) ? "float64" : readType(fields.type),
    storedType: header.fields.get("elementtype") ?? fields.type,
    notes: [...place.notes, ...scaleNotes(fields)],
    header: header.spelled,
  };
}

async function readPlan(
  source: ByteSource,
  { geometry = "stated" }: ImageReadOptions,
): Promise<{ header: MetaHeader; fields: MetaFields; place: MetaPlace }> {
  const header = await readMetaHeader(source);
  const fields = readMetaFields(header, source.name);
  return { header, fields, place: placeOf(fields, geometry, source.name) };
}

/** Values side by side lie in front of all axes once they are planes. */
function channelsOf({ channels, type }: MetaFields, place: MetaPlace): ChannelAxis[] {
  if (channels === 1) return [...place.channels];
  const isColour = (channels === 3 || channels === 4) && type === "uint8";
  return [{ name: isColour ? "color" : "vector", size: channels }, ...place.channels];
}

function isScaled({ slope, intercept }: MetaFields): boolean {
  return slope !== 1 || intercept !== 0;
}

/** ElementToIntensityFunction: intensity = slope · element + offset. ITK leaves it to its caller. */
function rescaled(data: VoxelArray, fields: MetaFields): VoxelArray {
  if (!isScaled(fields)) return data;
  const { slope, intercept } = fields;
  const values = new Float64Array(data.length);
  for (let at = 0; at < data.length; at++) values[at] = slope * data[at] + intercept;
  return values;
}

function scaleNotes(fields: MetaFields): string[] {
  if (!isScaled(fields)) return [];
  const { slope, intercept } = fields;
  return [`The values were rescaled by ElementToIntensityFunction: ${slope} · x + ${intercept}.`];
}
