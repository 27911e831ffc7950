// DICOM bytes put together by hand, also such as no writer should write.

/** Bytes of a text or of numbers, in one go. */
export function bytesOf(...parts: readonly (string | number | Uint8Array)[]): Uint8Array {
  const pieces = parts.map((part) => {
    if (typeof part === "string") return Uint8Array.from(part, (one) => one.charCodeAt(0));
    return typeof part === "number" ? Uint8Array.of(part) : part;
  });
  return new Uint8Array(Buffer.concat(pieces));
}

export function uint16(value: number): Uint8Array {
  return Uint8Array.of(value & 255, value >>> 8);
}

export function uint32(value: number): Uint8Array {
  return bytesOf(uint16(value & 0xffff), uint16(value >>> 16));
}

export function tagBytes(tag: number): Uint8Array {
  return bytesOf(uint16(tag >>> 16), uint16(tag & 0xffff));
}

const LONG = new Set("OB OW OF OD OL OV SQ UC UR UT UN SV UV".split(" "));

/** An explicit little-endian element; its length may be a lie. */
export function explicit(
  tag: number,
  vr: string,
  value: string | Uint8Array,
  length: number = value.length,
): Uint8Array {
  const size = LONG.has(vr) ? [0, 0, uint32(length)] : [uint16(length)];
  return bytesOf(tagBytes(tag), vr, ...size, value);
}

export function implicit(
  tag: number,
  value: string | Uint8Array,
  length = value.length,
): Uint8Array {
  return bytesOf(tagBytes(tag), uint32(length), value);
}

export const UNDEFINED = 0xffffffff;
export const ITEM = 0xfffee000;
export const ITEM_END = implicit(0xfffee00d, "");
export const SEQUENCE_END = implicit(0xfffee0dd, "");

/** Preamble, mark and meta information with that transfer syntax, then the elements. */
export function part10(
  transferSyntax: string | undefined,
  ...elements: readonly Uint8Array[]
): Uint8Array {
  const padded = transferSyntax && transferSyntax + "\0".repeat(transferSyntax.length % 2);
  const meta = bytesOf(
    explicit(0x00020002, "UI", "1.2.840.10008.5.1.4.1.1.7\0"),
    padded === undefined ? "" : explicit(0x00020010, "UI", padded),
  );
  const length = explicit(0x00020000, "UL", uint32(meta.length));
  return bytesOf(new Uint8Array(128), "DICM", length, meta, ...elements);
}
