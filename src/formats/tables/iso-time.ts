// Dates and times as ISO 8601 text, to the precision that they are stored with.

/** Ticks in a second. */
export type TimeUnit = "s" | "ms" | "us" | "ns";

const TICKS: Readonly<Record<TimeUnit, bigint>> = {
  s: 1n,
  ms: 1000n,
  us: 1_000_000n,
  ns: 1_000_000_000n,
};

/** "2024-01-31" from days since 1970-01-01. */
export function isoDate(days: number): string {
  return isoSeconds(BigInt(days) * 86_400n).slice(0, -9);
}

/** "2024-01-31T12:00:00.5" from ticks since 1970-01-01; ends in Z where the instant is UTC. */
export function isoTimestamp(ticks: bigint, unit: TimeUnit, utc: boolean): string {
  const [seconds, fraction] = splitTicks(ticks, unit);
  return `${isoSeconds(seconds)}${fraction}${utc ? "Z" : ""}`;
}

/** "12:34:56.789" from ticks since midnight. */
export function isoTime(ticks: bigint, unit: TimeUnit): string {
  const [seconds, fraction] = splitTicks(ticks, unit);
  return `${isoSeconds(seconds).slice(-8)}${fraction}`;
}

/** Whole seconds and the fraction with its point, empty where it is zero. */
function splitTicks(ticks: bigint, unit: TimeUnit): [seconds: bigint, fraction: string] {
  const perSecond = TICKS[unit];
  const rest = ((ticks % perSecond) + perSecond) % perSecond;
  const digits = rest.toString().padStart(perSecond.toString().length - 1, "0");
  return [(ticks - rest) / perSecond, rest === 0n ? "" : `.${digits.replace(/0+$/, "")}`];
}

/** A RangeError where the year is out of the calendar's range (±271,821). */
function isoSeconds(seconds: bigint): string {
  return new Date(Number(seconds) * 1000).toISOString().slice(0, -5);
}
