// Extensions of a NIfTI header: blocks of a size, a code and bytes (nifti1.h, "struct nifti1_extension").

import type { ByteOrder } from "../elements/byte-order.ts";
import { joinBytes } from "../elements/join-bytes.ts";

/** A block after the header: DICOM attributes, AFNI's XML, a comment. */
export interface NiftiExtension {
  /** Registered code: 2 DICOM, 4 AFNI, 6 comment, 32 CIFTI. */
  readonly code: number;
  /** Without size and code; text often ends in NULs that pad it to 16 bytes. */
  readonly bytes: Uint8Array;
}

/** Blocks between header and voxels; what is no block ends the list, with a note. */
export function parseExtensions(
  bytes: Uint8Array,
  order: ByteOrder,
): { extensions: NiftiExtension[]; notes: string[] } {
  const extensions: NiftiExtension[] = [];
  // The first of four bytes says whether blocks follow.
  if (bytes.byteLength < 4 || bytes[0] === 0) return { extensions, notes: [] };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 4;
  while (at + 8 <= bytes.byteLength) {
    const size = view.getInt32(at, order === "little");
    const code = view.getInt32(at + 4, order === "little");
    if (size === 0 && code === 0) break;
    if (size < 8 || at + size > bytes.byteLength) {
      const note = `Extension ${extensions.length + 1} of the header announces ${size} bytes where ${bytes.byteLength - at} are left; it was not read.`;
      return { extensions, notes: [note] };
    }
    extensions.push({ code, bytes: bytes.slice(at + 8, at + size) });
    at += size;
  }
  return { extensions, notes: [] };
}

/** The four bytes that say whether there are blocks, and the blocks, each padded to 16 bytes. */
export function extensionBytes(extensions: readonly NiftiExtension[]): Uint8Array {
  const flag = Uint8Array.of(extensions.length > 0 ? 1 : 0, 0, 0, 0);
  const blocks = extensions.map(({ code, bytes }) => {
    const block = new Uint8Array(Math.ceil((8 + bytes.byteLength) / 16) * 16);
    const view = new DataView(block.buffer);
    view.setInt32(0, block.byteLength, true);
    view.setInt32(4, code, true);
    block.set(bytes, 8);
    return block;
  });
  return joinBytes([flag, ...blocks]);
}
