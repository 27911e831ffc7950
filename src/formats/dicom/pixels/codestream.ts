// What the header of a JPEG (T.81 B.2.2), JPEG-LS (T.87 C.2.2) or JPEG 2000 (T.800 A.5.1) codestream says about
// its image, read before any decoder allocates for it.

/** Size and depth of a compressed frame. */
export interface CodestreamHead {
  readonly columns: number;
  readonly rows: number;
  readonly components: number;
  /** Bits of a sample. */
  readonly precision: number;
  /** Whether samples are signed; only JPEG 2000 knows that. */
  readonly signed: boolean;
  /** The colour transform that Adobe's APP14 segment of JPEG announces. */
  readonly transform?: "none" | "ycc" | "ycck";
  /** Ids of JPEG components: 1, 2, 3 by JFIF's habit; "R", "G", "B" as letters for colour that was not transformed. */
  readonly componentIds?: readonly number[];
  /** Whether the stream has a JFIF marker, which promises YCbCr. */
  readonly jfif?: boolean;
}

/** The head of a JPEG or JPEG-LS stream; undefined where none is found. */
export function jpegHead(bytes: Uint8Array): CodestreamHead | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let transform: CodestreamHead["transform"];
  let jfif = false;
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1];
    if (marker === 0xff || marker === 0xd8) {
      at += marker === 0xff ? 1 : 2;
      continue;
    }
    const length = view.getUint16(at + 2);
    if (isFrameHeader(marker)) {
      const head = frameHeader(bytes, view, at + 4);
      return head && { ...head, transform, jfif };
    }
    if (marker === 0xee) transform = adobeTransform(bytes, at + 4, length) ?? transform;
    if (marker === 0xe0 && ascii(bytes, at + 4, 4) === "JFIF") jfif = true;
    if (marker === 0xda || marker === 0xd9 || length < 2) return undefined;
    at += 2 + length;
  }
  return undefined;
}

/** SOF0 to SOF15 without DHT, JPG and DAC, and SOF55 of JPEG-LS. */
function isFrameHeader(marker: number): boolean {
  if (marker === 0xf7) return true;
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

function frameHeader(
  bytes: Uint8Array,
  view: DataView,
  at: number,
):
  | Pick<
      CodestreamHead,
      "columns" | "rows" | "components" | "precision" | "signed" | "componentIds"
    >
  | undefined {
  if (at + 6 > bytes.length) return undefined;
  const components = bytes[at + 5];
  return {
    precision: bytes[at],
    rows: view.getUint16(at + 1),
    columns: view.getUint16(at + 3),
    components,
    signed: false,
    componentIds: Array.from({ length: components }, (_, index) => bytes[at + 6 + index * 3]),
  };
}

function adobeTransform(
  bytes: Uint8Array,
  at: number,
  length: number,
): CodestreamHead["transform"] | undefined {
  if (length < 14 || ascii(bytes, at, 5) !== "Adobe") return undefined;
  return ([undefined, "ycc", "ycck"] as const)[bytes[at + 11]] ?? "none";
}

function ascii(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

/** The head of a JPEG 2000 codestream, bare or in a JP2 file; undefined where none is found. */
export function jpeg2000Head(bytes: Uint8Array): CodestreamHead | undefined {
  const at = codestreamStart(bytes);
  if (at < 0 || at + 45 > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const depth = bytes[at + 42];
  return {
    columns: view.getUint32(at + 8) - view.getUint32(at + 16),
    rows: view.getUint32(at + 12) - view.getUint32(at + 20),
    components: view.getUint16(at + 40),
    precision: (depth & 0x7f) + 1,
    signed: depth >= 0x80,
  };
}

/** SOC and SIZ follow each other; a JP2 file has boxes before them. */
function codestreamStart(bytes: Uint8Array): number {
  const last = Math.min(bytes.length - 4, 65_536);
  for (let at = 0; at <= last; at++) {
    const found =
      bytes[at] === 0xff &&
      bytes[at + 1] === 0x4f &&
      bytes[at + 2] === 0xff &&
      bytes[at + 3] === 0x51;
    if (found) return at;
  }
  return -1;
}
