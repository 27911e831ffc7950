// Splits the frames of a series into volumes by what they show and where they lie, never by file names.

import { dot } from "../../../base/index.ts";
import { type DicomFrame, ORDER_KEYS } from "./dicom-frame.ts";
import { compareInstances, type Division, divideRepeats, type StackEntry } from "./divide.ts";
import { type PlacedFrame, placesOf } from "./places.ts";
import { duplicateProblem, incompleteProblem, type VolumeProblem } from "./problems.ts";
import { type Stack, stackPlanes } from "./stack.ts";

/** Frames that make one volume, and what is wrong with it. */
export interface VolumePlan {
  /** Stacks along the channel axis, each ascending along the normal; one where there is no axis. */
  readonly entries: readonly StackEntry[];
  readonly by: Division["by"];
  /** Frames that lie on others, to be compared with them when pixels are read. */
  readonly surplus: readonly PlacedFrame[];
  readonly stack: Stack;
  readonly problems: readonly VolumeProblem[];
}

/** Frames whose place is unknown, in the order of instances. */
export interface ImagesPlan {
  readonly frames: readonly DicomFrame[];
}

export interface SplitSeries {
  readonly volumes: readonly VolumePlan[];
  readonly images: readonly ImagesPlan[];
}

/** Splits the frames of one series; their order does not matter. */
export function splitSeries(frames: readonly DicomFrame[]): SplitSeries {
  const { distinct, copies } = dropCopies(frames.toSorted(compareInstances));
  const groups = groupByTraits(distinct);
  const placed = groups.filter((group) => group[0].plane).flatMap(groupByOrientation);
  const volumes = placed.flatMap((group) => arrange(group, copies));
  const images = groups.filter((group) => !group[0].plane).map((frames) => ({ frames }));
  return { volumes: volumes.sort(compareVolumes), images };
}

function identityOf({ uid, form, frame, tile }: DicomFrame): string {
  return `${uid} ${frame} ${tile ?? ""} ${form}`;
}

/**
 * Equal SOP Instance UIDs are one instance (PS3.3 C.12.1), however many files hold it. Some writers give one UID to
 * different images; what differs in size, frames or transfer syntax is no copy.
 */
function dropCopies(sorted: readonly DicomFrame[]) {
  const first = new Map<string, DicomFrame>();
  const copies = new Map<DicomFrame, number>();
  for (const frame of sorted) {
    const identity = frame.uid === "" ? `${frame.file} ${identityOf(frame)}` : identityOf(frame);
    const known = first.get(identity);
    if (known) copies.set(known, (copies.get(known) ?? 0) + 1);
    else first.set(identity, frame);
  }
  return { distinct: [...first.values()], copies };
}

function groupByTraits(frames: readonly DicomFrame[]): DicomFrame[][] {
  const groups = new Map<string, DicomFrame[]>();
  for (const frame of frames) {
    const { columns, rows, plane, traits } = frame;
    const spacing = plane?.spacing.map(round) ?? "unplaced";
    const facts = Object.entries(traits).map(([name, value]) => [name, round(value)]);
    const key = JSON.stringify([columns, rows, spacing, facts]);
    const group = groups.get(key);
    if (group) group.push(frame);
    else groups.set(key, [frame]);
  }
  return [...groups.values()];
}

/** Numbers that differ by rounding only are the same trait. */
function round(value: string | number): string | number {
  return typeof value === "number" ? Number(value.toPrecision(5)) : value;
}

/** Cosine of the angle up to which planes are parallel: 0.1°. */
const PARALLEL = 1 - 1.5e-6;

function groupByOrientation(frames: readonly DicomFrame[]): PlacedFrame[][] {
  const groups: PlacedFrame[][] = [];
  for (const frame of frames as readonly PlacedFrame[]) {
    const { row, column } = frame.plane;
    const group = groups.find(([{ plane }]) => {
      return dot(plane.row, row) > PARALLEL && dot(plane.column, column) > PARALLEL;
    });
    if (group) group.push(frame);
    else groups.push([frame]);
  }
  return groups;
}

function arrange(
  frames: readonly PlacedFrame[],
  copies: ReadonlyMap<DicomFrame, number>,
): VolumePlan[] {
  const whole = plan(frames, copies);
  const isWhole = (problem: VolumeProblem) => isHarmless(problem) || problem.kind === "incomplete";
  if (whole.problems.every(isWhole)) return [whole];
  return separate(frames, whole, copies) ?? [whole];
}

function plan(frames: readonly PlacedFrame[], copies: ReadonlyMap<DicomFrame, number>): VolumePlan {
  const places = placesOf(frames);
  const { entries, by, surplus } = divideRepeats(places);
  const planes = places.map(({ frames: [{ plane }] }) => plane);
  const stack = stackPlanes(planes, frames[0].gantryTiltDeg);
  const problems: VolumeProblem[] = [...stack.problems];
  const holes = entries.flatMap((entry, at) => (entry.includes(undefined) ? [at] : []));
  if (holes.length > 0) problems.push(incompleteProblem(axisName(by), entries.length, holes));
  if (surplus.length > 0) problems.push(duplicateProblem(surplus.length, false));
  const copied = frames.reduce((sum, frame) => sum + (copies.get(frame) ?? 0), 0);
  if (copied > 0) problems.push(duplicateProblem(copied, true));
  return { entries, by, surplus, stack, problems };
}

/** The name that a channel axis has by what divided it. */
export function axisName(by: Division["by"]): string {
  if (by.includes("diffusion")) return "b-value";
  switch (by[0]) {
    case "velocity":
      return "velocity";
    case "repetitionTime":
      return "repetition time";
    case "coil":
      return "coil";
    case "sequenceName":
      return "sequence";
    default:
      return "time";
  }
}

/** Where the whole is no even stack, the parts by some key or by their line through space may be. */
function separate(
  frames: readonly PlacedFrame[],
  whole: VolumePlan,
  copies: ReadonlyMap<DicomFrame, number>,
): VolumePlan[] | undefined {
  const divisions = [...ORDER_KEYS.map((key) => partsByKey(frames, key)), partsByLine(frames)];
  // Slices side by side in one plane are no stack, however few there are.
  const least = liesSideBySide(whole.stack) ? 1 : 2;
  for (const parts of divisions) {
    if (parts.length < 2 || parts.some(({ length }) => length < least)) continue;
    const plans = parts.map((part) => plan(part, copies));
    const areSound = plans.every(({ problems, surplus, stack }) => {
      return surplus.length === 0 && stack.order.length >= least && problems.every(isHarmless);
    });
    if (areSound && explainsGaps(whole, plans.length)) return plans;
  }
  return undefined;
}

function liesSideBySide({ depths }: Stack): boolean {
  return depths.some((depth, at) => at > 0 && depth - depths[at - 1] < 1e-6);
}

function isHarmless(problem: VolumeProblem): boolean {
  return problem.kind === "duplicate" && problem.copies;
}

/**
 * Parts of a stack with gaps are stacks of their own only if there is a gap for each border between them: where a
 * scan of many acquisitions lacks one slice, it is the slice that is missing.
 */
function explainsGaps({ problems }: VolumePlan, parts: number): boolean {
  const gap = problems.find(({ kind }) => kind === "gap");
  return gap?.kind !== "gap" || gap.after.length + 1 >= parts;
}

function partsByKey(frames: readonly PlacedFrame[], key: (typeof ORDER_KEYS)[number]) {
  const parts = new Map<string | number | undefined, PlacedFrame[]>();
  for (const frame of frames) {
    const value = frame.order[key];
    const part = parts.get(value);
    if (part) part.push(frame);
    else parts.set(value, [frame]);
  }
  return [...parts.values()];
}

/** Slabs side by side: parallel slices on several lines along the normal. */
function partsByLine(frames: readonly PlacedFrame[]): PlacedFrame[][] {
  const { row, column, spacing } = frames[0].plane;
  const parts: { u: number; v: number; frames: PlacedFrame[] }[] = [];
  for (const frame of frames) {
    const [u, v] = [dot(frame.plane.position, row), dot(frame.plane.position, column)];
    const near = parts.find(
      (p) => Math.abs(p.u - u) < spacing[0] && Math.abs(p.v - v) < spacing[1],
    );
    if (near) near.frames.push(frame);
    else parts.push({ u, v, frames: [frame] });
  }
  return parts.map((part) => part.frames);
}

/** Volumes in the order of their first instance. */
function compareVolumes(a: VolumePlan, b: VolumePlan): number {
  return compareInstances(firstFrame(a), firstFrame(b));
}

export function firstFrame({ entries }: Pick<VolumePlan, "entries">): PlacedFrame {
  const present = entries.flatMap((entry) => entry.filter((frame) => frame !== undefined));
  return present.reduce((first, frame) => (compareInstances(frame, first) < 0 ? frame : first));
}
