// What duplicates and patients on two sides of a split mean for the test.

import { counted } from "../../../base/index.ts";
import type { ImageDataset, ImageSide } from "../image-dataset.ts";
import type { DuplicatePair } from "./find-duplicates.ts";
import { type ImageFinding, MOST_LISTS } from "./image-finding.ts";

/** The side of a sample, where it is known. */
export type SideOf = (sample: number) => ImageSide | undefined;

/** A leak where a pair is parted by the split, else good to know. */
export function duplicateFindings(
  duplicates: readonly DuplicatePair[],
  sideOf: SideOf,
): ImageFinding[] {
  return [...pairFinding("equal", duplicates, sideOf), ...pairFinding("near", duplicates, sideOf)];
}

function pairFinding(
  kind: DuplicatePair["kind"],
  duplicates: readonly DuplicatePair[],
  sideOf: SideOf,
): ImageFinding[] {
  const pairs = duplicates.filter((pair) => pair.kind === kind);
  if (pairs.length === 0) return [];
  const apart = pairs.filter(({ a, b }) => arePartedBy(sideOf, a, b));
  const isLeak = apart.length > 0;
  const what = `${counted(pairs.length, "pair")} of ${kind === "equal" ? "equal" : "nearly equal"} images`;
  const where = isLeak
    ? `${apart.length} of them on two sides of the split: the test would be too kind. Remove them, or keep them together.`
    : "none of them on two sides of a split.";
  return [
    {
      kind: kind === "equal" ? "duplicate-images" : "near-duplicate-images",
      severity: isLeak ? "leak" : "note",
      figure: isLeak ? apart.length : pairs.length,
      message: `${what}, ${where}`,
      samples: listsOf(isLeak ? apart : pairs),
    },
  ];
}

function arePartedBy(sideOf: SideOf, a: number, b: number): boolean {
  const [one, other] = [sideOf(a), sideOf(b)];
  return one !== undefined && other !== undefined && one !== other;
}

/** Equal images that are said to be different things. */
export function conflictFindings(
  { samples, target }: ImageDataset,
  duplicates: readonly DuplicatePair[],
): ImageFinding[] {
  const labelOf = (sample: number) => JSON.stringify(samples[sample].target);
  const pairs = duplicates.filter(
    ({ a, b, kind }) => kind === "equal" && labelOf(a) !== labelOf(b),
  );
  if (pairs.length === 0 || target.kind === "number") return [];
  return [
    {
      kind: "conflicting-labels",
      severity: "warning",
      figure: pairs.length,
      message: `${counted(pairs.length, "pair")} of equal images with different labels: at least one of each is wrong.`,
      samples: listsOf(pairs),
    },
  ];
}

/** Only where the data set states the sides can it be so: splits that are drawn keep patients together. */
export function patientFindings(
  { samples }: ImageDataset,
  chosen: readonly number[],
  sideOf: SideOf,
): ImageFinding[] {
  const byPatient = new Map<string, number[]>();
  for (const sample of chosen) {
    const { patient } = samples[sample];
    if (patient === undefined) continue;
    const own = byPatient.get(patient);
    if (own) own.push(sample);
    else byPatient.set(patient, [sample]);
  }
  const shared = [...byPatient.values()].filter((own) => {
    const sides = new Set(own.map(sideOf).filter((side) => side !== undefined));
    return sides.has("test") && sides.size > 1;
  });
  if (shared.length === 0) return [];
  return [
    {
      kind: "shared-patient",
      severity: "leak",
      figure: shared.length,
      message: `${counted(shared.length, "patient")} on the test side and on another: the test would be too kind. Where names are used again for other people, name the column of patients.`,
      samples: shared.slice(0, MOST_LISTS),
    },
  ];
}

function listsOf(pairs: readonly DuplicatePair[]): number[][] {
  return pairs.slice(0, MOST_LISTS).map(({ a, b }) => [a, b]);
}
