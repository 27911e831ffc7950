// Dates and times of DICOM as seconds, to order and subtract them: PS3.5 table 6.2-1, VR DA, TM and DT.

/**
 * Seconds since 1970 of a DT, without regard to its time zone: times of one scanner are compared.
 * Undefined where it has no hour.
 */
export function secondsOfDateTime(value: string | undefined): number | undefined {
  const match = /^(\d{8})(\d{2}.*?)(?:[+-]\d{4})?$/.exec(value?.trim() ?? "");
  return match ? secondsOf(match[1], match[2]) : undefined;
}

/** Seconds since 1970 of a date (DA) and a time (TM); of a time alone, seconds since midnight. */
export function secondsOf(date: string | undefined, time: string | undefined): number | undefined {
  const seconds = secondsOfTime(time);
  if (seconds === undefined) return undefined;
  const match = /^(\d{4})[.]?(\d{2})[.]?(\d{2})$/.exec(date?.trim() ?? "");
  if (!match) return seconds;
  return Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])) / 1000 + seconds;
}

/** HHMMSS.FFFFFF of which the end may be left out; the colons of ACR-NEMA are forgiven. */
function secondsOfTime(time: string | undefined): number | undefined {
  const match = /^(\d{2}):?(\d{2})?:?(\d{2})?(\.\d+)?$/.exec(time?.trim() ?? "");
  if (!match) return undefined;
  const [hours, minutes, seconds, fraction] = match.slice(1).map((part) => Number(part ?? 0));
  return hours * 3600 + minutes * 60 + seconds + fraction;
}
