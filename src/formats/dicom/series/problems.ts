// What is wrong with a stack of slices, typed for programs and as a sentence for people.

/** Slices are missing: the step between two neighbours is a whole multiple of that of the others. */
export interface GapProblem {
  readonly kind: "gap";
  /** How many slices are missing altogether. */
  readonly missing: number;
  /** After which slices (counted from 0 along the stack) they are missing. */
  readonly after: readonly number[];
  readonly sentence: string;
}

/** The distances between slices differ. */
export interface UnevenProblem {
  readonly kind: "uneven";
  readonly leastMm: number;
  readonly mostMm: number;
  readonly sentence: string;
}

/** Slices are shifted against each other in their plane, as by a tilted gantry: the stack is sheared. */
export interface TiltProblem {
  readonly kind: "tilt";
  /** Angle between the slices' normal and the line that joins them. */
  readonly angleDeg: number;
  readonly sentence: string;
}

/** Slices that are there more than once. Those of one SOP Instance UID are counted once and do no harm. */
export interface DuplicateProblem {
  readonly kind: "duplicate";
  readonly count: number;
  /** Whether each is a copy of one instance (equal UID); others may differ in what they show. */
  readonly copies: boolean;
  readonly sentence: string;
}

/** Some time points (or b-values) lack slices that others have. */
export interface IncompleteProblem {
  readonly kind: "incomplete";
  /** Entries of the channel axis that lack slices, counted from 0. */
  readonly entries: readonly number[];
  readonly sentence: string;
}

/** What would place the slices in the patient is not in the file. */
export interface UnplacedProblem {
  readonly kind: "unplaced";
  /** Attributes that are missing or do not fit. */
  readonly missing: readonly string[];
  readonly sentence: string;
}

export type VolumeProblem =
  | GapProblem
  | UnevenProblem
  | TiltProblem
  | DuplicateProblem
  | IncompleteProblem
  | UnplacedProblem;

export type ProblemKind = VolumeProblem["kind"];

export function gapProblem(missing: number, after: readonly number[]): GapProblem {
  const where = after.length === 1 ? "at one place" : `at ${after.length} places`;
  const sentence = `${count(missing, "slice")} ${missing === 1 ? "is" : "are"} missing ${where}, first after slice ${after[0] + 1}.`;
  return { kind: "gap", missing, after, sentence };
}

export function unevenProblem(leastMm: number, mostMm: number): UnevenProblem {
  const sentence = `The distance between slices varies from ${mm(leastMm)} to ${mm(mostMm)} mm.`;
  return { kind: "uneven", leastMm, mostMm, sentence };
}

export function tiltProblem(angleDeg: number, statedDeg?: number): TiltProblem {
  const stated = statedDeg ? ` (the file states a gantry tilt of ${statedDeg}°)` : "";
  const sentence = `The slices are shifted against each other: the stack is sheared by ${angleDeg.toFixed(2)}°${stated}.`;
  return { kind: "tilt", angleDeg, sentence };
}

export function duplicateProblem(duplicates: number, copies: boolean): DuplicateProblem {
  const sentence = copies
    ? `${count(duplicates, "copy", "copies")} of slices that are there already ${duplicates === 1 ? "was" : "were"} left out.`
    : `${count(duplicates, "slice")} ${duplicates === 1 ? "lies" : "lie"} where another slice lies, and nothing in the headers says which to take.`;
  return { kind: "duplicate", count: duplicates, copies, sentence };
}

export function incompleteProblem(
  axis: string,
  size: number,
  entries: readonly number[],
): IncompleteProblem {
  const sentence = `${entries.length} of ${size} entries of the ${axis} axis lack slices, first entry ${entries[0] + 1}.`;
  return { kind: "incomplete", entries, sentence };
}

export function unplacedProblem(missing: readonly string[]): UnplacedProblem {
  const sentence = `The place in the patient is not known: ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing or unusable.`;
  return { kind: "unplaced", missing, sentence };
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

function mm(value: number): string {
  return String(Number(value.toFixed(3)));
}
