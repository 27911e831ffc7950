// Transfer syntaxes: PS3.6 Annex A and PS3.5 Annex A, retired ones included.

/** How pixel data are coded: which decoder they need. */
export type CodecFamily =
  | "native"
  | "rle"
  | "jpeg"
  | "jpeg-lossless"
  | "jpeg-ls"
  | "jpeg-2000"
  | "htj2k"
  | "jpeg-xl"
  | "deflate"
  | "video"
  | "remote";

export interface TransferSyntax {
  readonly uid: string;
  readonly name: string;
  /** Whether elements carry their value representation. */
  readonly explicit: boolean;
  readonly littleEndian: boolean;
  /** Whether the data set as a whole is deflated (PS3.5 A.5). */
  readonly deflated: boolean;
  /** Whether pixel data come in fragments (PS3.5 A.4). */
  readonly encapsulated: boolean;
  readonly codec: CodecFamily;
}

export const IMPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2";
export const EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";
const DEFLATED_LITTLE_ENDIAN = "1.2.840.10008.1.2.1.99";
export const EXPLICIT_BIG_ENDIAN = "1.2.840.10008.1.2.2";

const root = "1.2.840.10008.1.2";

function plain(uid: string, name: string, changes: Partial<TransferSyntax> = {}): TransferSyntax {
  return {
    uid,
    name,
    explicit: true,
    littleEndian: true,
    deflated: false,
    encapsulated: false,
    codec: "native",
    ...changes,
  };
}

function encapsulated(suffix: string, name: string, codec: CodecFamily): TransferSyntax {
  return plain(`${root}.${suffix}`, name, { encapsulated: true, codec });
}

/** Every transfer syntax of the standard, and two private ones that archives still hold. */
export const TRANSFER_SYNTAXES: readonly TransferSyntax[] = [
  plain(IMPLICIT_LITTLE_ENDIAN, "Implicit VR Little Endian", { explicit: false }),
  plain(EXPLICIT_LITTLE_ENDIAN, "Explicit VR Little Endian"),
  encapsulated("1.98", "Encapsulated Uncompressed Explicit VR Little Endian", "native"),
  plain(DEFLATED_LITTLE_ENDIAN, "Deflated Explicit VR Little Endian", { deflated: true }),
  plain(EXPLICIT_BIG_ENDIAN, "Explicit VR Big Endian", { littleEndian: false }),
  encapsulated("4.50", "JPEG Baseline (Process 1)", "jpeg"),
  encapsulated("4.51", "JPEG Extended (Process 2 & 4)", "jpeg"),
  encapsulated("4.52", "JPEG Extended (Process 3 & 5)", "jpeg"),
  encapsulated("4.53", "JPEG Spectral Selection, Non-Hierarchical (Process 6 & 8)", "jpeg"),
  encapsulated("4.54", "JPEG Spectral Selection, Non-Hierarchical (Process 7 & 9)", "jpeg"),
  encapsulated("4.55", "JPEG Full Progression, Non-Hierarchical (Process 10 & 12)", "jpeg"),
  encapsulated("4.56", "JPEG Full Progression, Non-Hierarchical (Process 11 & 13)", "jpeg"),
  encapsulated("4.57", "JPEG Lossless, Non-Hierarchical (Process 14)", "jpeg-lossless"),
  encapsulated("4.58", "JPEG Lossless, Non-Hierarchical (Process 15)", "jpeg-lossless"),
  encapsulated("4.59", "JPEG Extended, Hierarchical (Process 16 & 18)", "jpeg"),
  encapsulated("4.60", "JPEG Extended, Hierarchical (Process 17 & 19)", "jpeg"),
  encapsulated("4.61", "JPEG Spectral Selection, Hierarchical (Process 20 & 22)", "jpeg"),
  encapsulated("4.62", "JPEG Spectral Selection, Hierarchical (Process 21 & 23)", "jpeg"),
  encapsulated("4.63", "JPEG Full Progression, Hierarchical (Process 24 & 26)", "jpeg"),
  encapsulated("4.64", "JPEG Full Progression, Hierarchical (Process 25 & 27)", "jpeg"),
  encapsulated("4.65", "JPEG Lossless, Hierarchical (Process 28)", "jpeg-lossless"),
  encapsulated("4.66", "JPEG Lossless, Hierarchical (Process 29)", "jpeg-lossless"),
  encapsulated("4.70", "JPEG Lossless, First-Order Prediction (Process 14 SV1)", "jpeg-lossless"),
  encapsulated("4.80", "JPEG-LS Lossless", "jpeg-ls"),
  encapsulated("4.81", "JPEG-LS Lossy (Near-Lossless)", "jpeg-ls"),
  encapsulated("4.90", "JPEG 2000 (Lossless Only)", "jpeg-2000"),
  encapsulated("4.91", "JPEG 2000", "jpeg-2000"),
  encapsulated("4.92", "JPEG 2000 Part 2 Multi-component (Lossless Only)", "jpeg-2000"),
  encapsulated("4.93", "JPEG 2000 Part 2 Multi-component", "jpeg-2000"),
  plain(`${root}.4.94`, "JPIP Referenced", { codec: "remote" }),
  plain(`${root}.4.95`, "JPIP Referenced Deflate", { deflated: true, codec: "remote" }),
  encapsulated("4.100", "MPEG2 Main Profile / Main Level", "video"),
  encapsulated("4.100.1", "Fragmentable MPEG2 Main Profile / Main Level", "video"),
  encapsulated("4.101", "MPEG2 Main Profile / High Level", "video"),
  encapsulated("4.101.1", "Fragmentable MPEG2 Main Profile / High Level", "video"),
  encapsulated("4.102", "MPEG-4 AVC/H.264 High Profile / Level 4.1", "video"),
  encapsulated("4.102.1", "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.1", "video"),
  encapsulated("4.103", "MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1", "video"),
  encapsulated(
    "4.103.1",
    "Fragmentable MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1",
    "video",
  ),
  encapsulated("4.104", "MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video", "video"),
  encapsulated(
    "4.104.1",
    "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video",
    "video",
  ),
  encapsulated("4.105", "MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video", "video"),
  encapsulated(
    "4.105.1",
    "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video",
    "video",
  ),
  encapsulated("4.106", "MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2", "video"),
  encapsulated("4.106.1", "Fragmentable MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2", "video"),
  encapsulated("4.107", "HEVC/H.265 Main Profile / Level 5.1", "video"),
  encapsulated("4.108", "HEVC/H.265 Main 10 Profile / Level 5.1", "video"),
  encapsulated("4.110", "JPEG XL Lossless", "jpeg-xl"),
  encapsulated("4.111", "JPEG XL JPEG Recompression", "jpeg-xl"),
  encapsulated("4.112", "JPEG XL", "jpeg-xl"),
  encapsulated("4.201", "High-Throughput JPEG 2000 (Lossless Only)", "htj2k"),
  encapsulated("4.202", "High-Throughput JPEG 2000 with RPCL (Lossless Only)", "htj2k"),
  encapsulated("4.203", "High-Throughput JPEG 2000", "htj2k"),
  plain(`${root}.4.204`, "JPIP HTJ2K Referenced", { codec: "remote" }),
  plain(`${root}.4.205`, "JPIP HTJ2K Referenced Deflate", { deflated: true, codec: "remote" }),
  encapsulated("5", "RLE Lossless", "rle"),
  plain(`${root}.6.1`, "RFC 2557 MIME Encapsulation"),
  plain(`${root}.6.2`, "XML Encoding"),
  plain(`${root}.7.1`, "SMPTE ST 2110-20 Uncompressed Progressive Active Video", {
    codec: "remote",
  }),
  plain(`${root}.7.2`, "SMPTE ST 2110-20 Uncompressed Interlaced Active Video", {
    codec: "remote",
  }),
  plain(`${root}.7.3`, "SMPTE ST 2110-30 PCM Digital Audio", { codec: "remote" }),
  encapsulated("8.1", "Deflated Image Frame Compression", "deflate"),
  plain("1.2.840.10008.1.20", "Papyrus 3 Implicit VR Little Endian", { explicit: false }),
  // Headers are little endian, only the pixels of this one are not.
  plain("1.2.840.113619.5.2", "GE Private Implicit VR Little Endian with big endian pixels", {
    explicit: false,
  }),
];

const byUid = new Map(TRANSFER_SYNTAXES.map((syntax) => [syntax.uid, syntax]));

/** The transfer syntax of a UID; nothing where it is private or newer than this list. */
export function transferSyntax(uid: string): TransferSyntax | undefined {
  return byUid.get(uid);
}
