// Tells NIfTI-1, NIfTI-2 and Analyze 7.5 apart, with their byte order, and reads their headers.

import { damaged } from "../damage.ts";
import { type Fields, readFields } from "../elements/binary-fields.ts";
import type { ByteOrder } from "../elements/byte-order.ts";
import { type ByteReader, readBytes } from "../elements/byte-reader.ts";
import { ANALYZE, NIFTI1, NIFTI2 } from "./layouts.ts";

export type HeaderKind = "analyze" | "nifti-1" | "nifti-2";

/** Fields that NIfTI-1 and NIfTI-2 share, under the names of the standard. */
export interface NiftiFields {
  readonly sizeof_hdr: number;
  /** dim[0] is the number of axes, dim[1] … dim[7] their lengths. */
  readonly dim: readonly number[];
  /** pixdim[0] is qfac; the others are the spacing of the axes in `xyzt_units`. */
  readonly pixdim: readonly number[];
  readonly datatype: number;
  readonly bitpix: number;
  readonly vox_offset: number;
  readonly scl_slope: number;
  readonly scl_inter: number;
  readonly cal_max: number;
  readonly cal_min: number;
  readonly toffset: number;
  readonly slice_duration: number;
  readonly slice_start: number;
  readonly slice_end: number;
  readonly slice_code: number;
  readonly dim_info: number;
  readonly xyzt_units: number;
  readonly intent_code: number;
  readonly intent_name: string;
  readonly intent_p1: number;
  readonly intent_p2: number;
  readonly intent_p3: number;
  readonly descrip: string;
  readonly aux_file: string;
  readonly qform_code: number;
  readonly sform_code: number;
  readonly quatern_b: number;
  readonly quatern_c: number;
  readonly quatern_d: number;
  readonly qoffset_x: number;
  readonly qoffset_y: number;
  readonly qoffset_z: number;
  readonly srow_x: readonly number[];
  readonly srow_y: readonly number[];
  readonly srow_z: readonly number[];
  readonly magic: string;
}

/** Fields of Analyze 7.5 that matter here. */
export interface AnalyzeFields {
  readonly dim: readonly number[];
  readonly pixdim: readonly number[];
  readonly datatype: number;
  readonly bitpix: number;
  readonly vox_offset: number;
  readonly funused1: number;
  readonly funused2: number;
  readonly cal_max: number;
  readonly cal_min: number;
  readonly glmax: number;
  readonly glmin: number;
  readonly vox_units: string;
  readonly orient: number;
  readonly originator: readonly number[];
}

interface Told {
  readonly byteOrder: ByteOrder;
  /** Bytes read so far: the fixed header. */
  readonly headerBytes: number;
  /** Whether header and voxels are one file. */
  readonly single: boolean;
}

export type ParsedHeader =
  | (Told & { readonly kind: "nifti-1" | "nifti-2"; readonly fields: NiftiFields })
  | (Told & { readonly kind: "analyze"; readonly fields: AnalyzeFields });

/** What a file is, by its first 348 bytes read as Latin-1; undefined for something else. */
export function headerKind(head: string): HeaderKind | undefined {
  if (head.length < 348) return undefined;
  if (/^(n\+2|ni2)\0/.test(head.slice(4, 8)) && sizeIs(head, 540)) return "nifti-2";
  if (/^(n\+1|ni1)\0/.test(head.slice(344, 348))) return "nifti-1";
  return sizeIs(head, 348) ? "analyze" : undefined;
}

/** Whether the first field, the size of the header, is this in either byte order. */
function sizeIs(head: string, size: number): boolean {
  return byteOrderOf(head, size) !== undefined;
}

function byteOrderOf(head: string, size: number): ByteOrder | undefined {
  const little = String.fromCharCode(size & 0xff, size >>> 8, 0, 0);
  if (head.startsWith(little)) return "little";
  return head.startsWith([...little].reverse().join("")) ? "big" : undefined;
}

/**
 * Reads the fixed header.
 * @throws RoentgenError "file-corrupt" for other files, "file-truncated"
 */
export async function readHeader(reader: ByteReader): Promise<ParsedHeader> {
  const start = await readBytes(reader, 348);
  const head = String.fromCharCode(...start);
  const kind = headerKind(head);
  if (!kind) throw notNifti(reader.name);
  if (kind === "nifti-2") {
    const bytes = new Uint8Array(540);
    bytes.set(start);
    await reader.readInto(bytes.subarray(348));
    const byteOrder = byteOrderOf(head, 540) as ByteOrder;
    const fields = nifti(readFields(bytes, NIFTI2, byteOrder));
    return { kind, byteOrder, headerBytes: 540, single: fields.magic === "n+2", fields };
  }
  const byteOrder = byteOrderOf(head, 348) ?? orderByDimensions(start, reader.name);
  if (kind === "analyze") {
    const fields = readFields(start, ANALYZE, byteOrder) as unknown as AnalyzeFields;
    return { kind, byteOrder, headerBytes: 348, single: false, fields };
  }
  const fields = nifti(readFields(start, NIFTI1, byteOrder));
  return { kind, byteOrder, headerBytes: 348, single: fields.magic === "n+1", fields };
}

function nifti(fields: Fields): NiftiFields {
  return fields as unknown as NiftiFields;
}

/** A wrong header size leaves dim[0], which is 1 to 7 in one order only (nifti1.h, "BYTE ORDERING"). */
function orderByDimensions(start: Uint8Array, name: string): ByteOrder {
  const [low, high] = start.subarray(40, 42);
  if (high === 0 && low >= 1 && low <= 7) return "little";
  if (low === 0 && high >= 1 && high <= 7) return "big";
  throw notNifti(name);
}

function notNifti(name: string): Error {
  return damaged(name, {
    expected: "a NIfTI-1, NIfTI-2 or Analyze 7.5 header",
    found: "other bytes",
    remedy: "Check that the file is what its name says.",
  });
}

/**
 * The lengths of the axes i, j, k, time and three more; 1 for those that the file does not have, and for
 * lengths of 0 after the first, as nifti1_io reads them.
 */
export function axisLengths({ dim }: Pick<NiftiFields, "dim">, name: string): number[] {
  const count = dim[0];
  if (!(count >= 1 && count <= 7)) {
    throw damaged(name, { expected: "1 to 7 axes", found: `${count}` });
  }
  const lengths = dim
    .slice(1)
    .map((length, axis) => (axis >= count || (axis > 0 && length === 0) ? 1 : length));
  if (lengths.every((length) => Number.isSafeInteger(length) && length > 0)) return lengths;
  throw damaged(name, {
    expected: "axes of at least one voxel",
    found: dim.slice(1, count + 1).join(" × "),
  });
}
