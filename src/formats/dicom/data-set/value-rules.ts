// What a value may be, by value representation: PS3.5 table 6.2-1.

/** A rule of text: its characters and its length, in characters. */
interface TextRule {
  readonly longest: number;
  readonly pattern?: RegExp;
  /** What the pattern asks for, in words. */
  readonly form?: string;
}

const FREE = 2 ** 32 - 2;
const TIME = "\\d{2}(\\d{2}(\\d{2}(\\.\\d{1,6})?)?)?";

const TEXT_RULES: Readonly<Record<string, TextRule>> = {
  AE: { longest: 16, pattern: /^[\x20-\x7e]*$/, form: "ASCII characters" },
  AS: { longest: 4, pattern: /^\d{3}[DWMY]$/, form: "three digits and D, W, M or Y, such as 045Y" },
  CS: { longest: 16, pattern: /^[A-Z0-9 _]*$/, form: "capital letters, digits, space and _" },
  DA: { longest: 8, pattern: /^\d{8}$/, form: "a date as YYYYMMDD" },
  DS: {
    longest: 16,
    pattern: /^ *[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)? *$/,
    form: "a decimal number",
  },
  DT: {
    longest: 26,
    pattern: /^\d{4}(\d{2}(\d{2}(\d{2}(\d{2}(\d{2}(\.\d{1,6})?)?)?)?)?)?([+-]\d{4})?$/,
    form: "a date and time as YYYYMMDDHHMMSS.FFFFFF&ZZXX",
  },
  IS: { longest: 12, pattern: /^ *[+-]?\d+ *$/, form: "a whole number" },
  LO: { longest: 64 },
  LT: { longest: 10240 },
  PN: { longest: 64 },
  SH: { longest: 16 },
  ST: { longest: 1024 },
  TM: { longest: 14, pattern: new RegExp(`^${TIME}$`), form: "a time as HHMMSS.FFFFFF" },
  UC: { longest: FREE },
  UI: { longest: 64, pattern: /^(0|[1-9]\d*)(\.(0|[1-9]\d*))*$/, form: "a UID" },
  UR: { longest: FREE, pattern: /^[\x21-\x7e]*$/, form: "a URI without spaces" },
  UT: { longest: FREE },
};

/** Smallest and largest integer of a binary VR. */
export const INTEGER_RANGES: Readonly<Record<string, readonly [bigint, bigint]>> = {
  US: [0n, 0xffffn],
  SS: [-0x8000n, 0x7fffn],
  UL: [0n, 0xffffffffn],
  SL: [-0x80000000n, 0x7fffffffn],
  UV: [0n, 0xffffffffffffffffn],
  SV: [-0x8000000000000000n, 0x7fffffffffffffffn],
  OB: [0n, 0xffn],
  OW: [0n, 0xffffn],
  OL: [0n, 0xffffffffn],
  OV: [0n, 0xffffffffffffffffn],
  AT: [0n, 0xffffffffn],
  IS: [-0x80000000n, 0x7fffffffn],
};

/** What breaks the rule of a text, in words; nothing if it keeps it. Empty values always do. */
export function brokenRule(vr: string, value: string): string | undefined {
  const rule = TEXT_RULES[vr];
  if (!rule || value === "") return undefined;
  const { longest, pattern, form } = rule;
  if (pattern && !pattern.test(value)) return form;
  // The limit of a name holds for each of its groups (PS3.5 6.2.1).
  const parts = vr === "PN" ? value.split("=") : [value];
  if (parts.length > 3) return "at most three groups parted by =";
  return parts.some((part) => [...part].length > longest)
    ? `at most ${longest} characters`
    : undefined;
}

/** Whether so many values are allowed: "1", "2-n", "3-3n". Zero always is. */
export function allowsCount(multiplicity: string, count: number): boolean {
  if (count === 0) return true;
  const [least, most = least] = multiplicity.split("-");
  if (count < Number(least)) return false;
  if (most === "n") return true;
  if (!most.endsWith("n")) return count <= Number(most);
  return count % Number(most.slice(0, -1)) === 0;
}
