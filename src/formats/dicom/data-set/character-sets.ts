// Character sets and the escape sequences that switch between them: PS3.3 C.12.1.1.2 and PS3.5 section 6.1.

/** Characters of one code table, in the form that a decoder of the Encoding Standard takes. */
export interface CodeTable {
  /** Label for TextDecoder; "latin1" for ISO 8859-1 proper, which TextDecoder takes for windows-1252. */
  readonly label: string;
  /** Bytes of a character. */
  readonly width: 1 | 2;
  /** Whether the 7-bit codes of G0 become 8-bit ones for the decoder (EUC form). */
  readonly raised?: boolean;
  /** Byte that the decoder wants before each character: 0x8f for JIS X 0212 in EUC-JP. */
  readonly prefix?: number;
}

/** What a defined term stands for. */
export type CharacterSet =
  | { readonly kind: "whole"; readonly label: string }
  | { readonly kind: "extensible"; readonly upper?: CodeTable };

const single = (label: string): CodeTable => ({ label, width: 1 });

const KOREAN: CodeTable = { label: "euc-kr", width: 2 };
const CHINESE: CodeTable = { label: "gbk", width: 2 };
const KATAKANA = single("shift_jis");

/** Registration numbers of the tables with codes above 127 (G1): PS3.3 tables C.12-2 to C.12-4. */
const UPPER: Readonly<Record<string, CodeTable>> = {
  100: single("latin1"),
  101: single("iso-8859-2"),
  109: single("iso-8859-3"),
  110: single("iso-8859-4"),
  144: single("iso-8859-5"),
  127: single("iso-8859-6"),
  126: single("iso-8859-7"),
  138: single("iso-8859-8"),
  148: single("iso-8859-9"),
  203: single("iso-8859-15"),
  166: single("windows-874"),
  13: KATAKANA,
  149: KOREAN,
  58: CHINESE,
};

/** Terms of tables that have no codes above 127: ASCII and Japanese G0 sets. */
const LOWER_ONLY = new Set(["6", "14", "87", "159"]);

/** Escape sequences without ESC, and what they designate: PS3.3 tables C.12-3 and C.12-4. */
export const ESCAPES: readonly {
  readonly code: string;
  readonly side: "lower" | "upper";
  readonly table: CodeTable;
}[] = [
  { code: "(B", side: "lower", table: single("latin1") },
  { code: "(J", side: "lower", table: single("latin1") },
  { code: "-A", side: "upper", table: UPPER[100] },
  { code: "-B", side: "upper", table: UPPER[101] },
  { code: "-C", side: "upper", table: UPPER[109] },
  { code: "-D", side: "upper", table: UPPER[110] },
  { code: "-L", side: "upper", table: UPPER[144] },
  { code: "-G", side: "upper", table: UPPER[127] },
  { code: "-F", side: "upper", table: UPPER[126] },
  { code: "-H", side: "upper", table: UPPER[138] },
  { code: "-M", side: "upper", table: UPPER[148] },
  { code: "-b", side: "upper", table: UPPER[203] },
  { code: "-T", side: "upper", table: UPPER[166] },
  { code: ")I", side: "upper", table: KATAKANA },
  { code: "$)C", side: "upper", table: KOREAN },
  { code: "$)A", side: "upper", table: CHINESE },
  { code: "$(D", side: "lower", table: { label: "euc-jp", width: 2, raised: true, prefix: 0x8f } },
  { code: "$B", side: "lower", table: { label: "euc-jp", width: 2, raised: true } },
];

/** Terms as they stand in the file, trimmed; an empty first term means the default repertoire. */
export function parseTermsOfCharacterSets(bytes: Uint8Array): string[] {
  const text = String.fromCharCode(...bytes.subarray(0, 1024)).replaceAll("\0", " ");
  const terms = text.split("\\").map((term) => term.trim());
  return terms.length === 1 && terms[0] === "" ? [] : terms;
}

/** What a term stands for, common misspellings ("ISO-IR 100", "ISO IR 192") included; nothing if unknown. */
export function characterSet(term: string): CharacterSet | undefined {
  if (term === "") return { kind: "extensible" };
  if (/^(GB18030|GBK)$/i.test(term)) return { kind: "whole", label: term.toLowerCase() };
  if (/^UTF[-_ ]?8$/i.test(term)) return { kind: "whole", label: "utf-8" };
  const number = /^ISO[ _-]?(?:2022[ _-]?)?(?:IR[ _-]?)?(\d+)$/i.exec(term)?.[1];
  if (number === undefined) return undefined;
  if (number === "192") return { kind: "whole", label: "utf-8" };
  // Alone, JIS X 0201 often holds Shift JIS, of which it is a part.
  if (number === "13" && !/2022/.test(term)) return { kind: "whole", label: "shift_jis" };
  if (LOWER_ONLY.has(number)) return { kind: "extensible" };
  const upper = UPPER[number];
  return upper && { kind: "extensible", upper };
}
