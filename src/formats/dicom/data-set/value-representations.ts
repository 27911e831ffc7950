// Value representations: PS3.5 section 6.2 and the forms of their headers, section 7.1.2.

/** How a value is laid out. */
type ValueLayout = "text" | "number" | "bytes" | "sequence";

export interface ValueRepresentation {
  readonly layout: ValueLayout;
  /** Whether the length field has 32 bits, after two reserved bytes (PS3.5 table 7.1-1). */
  readonly longHeader: boolean;
  /** Bytes of one number; words that a byte swap turns around. */
  readonly wordBytes: number;
}

function vr(layout: ValueLayout, wordBytes = 1, longHeader = false): ValueRepresentation {
  return { layout, longHeader, wordBytes };
}

export const VALUE_REPRESENTATIONS: Readonly<Record<string, ValueRepresentation>> = {
  AE: vr("text"),
  AS: vr("text"),
  AT: vr("number", 2),
  CS: vr("text"),
  DA: vr("text"),
  DS: vr("text"),
  DT: vr("text"),
  FD: vr("number", 8),
  FL: vr("number", 4),
  IS: vr("text"),
  LO: vr("text"),
  LT: vr("text"),
  OB: vr("bytes", 1, true),
  OD: vr("number", 8, true),
  OF: vr("number", 4, true),
  OL: vr("number", 4, true),
  OV: vr("number", 8, true),
  OW: vr("number", 2, true),
  PN: vr("text"),
  SH: vr("text"),
  SL: vr("number", 4),
  SQ: vr("sequence", 1, true),
  SS: vr("number", 2),
  ST: vr("text"),
  SV: vr("number", 8, true),
  TM: vr("text"),
  UC: vr("text", 1, true),
  UI: vr("text"),
  UL: vr("number", 4),
  UN: vr("bytes", 1, true),
  UR: vr("text", 1, true),
  US: vr("number", 2),
  UT: vr("text", 1, true),
  UV: vr("number", 8, true),
};
