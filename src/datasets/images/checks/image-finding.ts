// What a check of images found: data for programs, a sentence for people.

import type { Severity } from "../../leakage/finding.ts";

/** What was found. */
export type ImageFindingKind =
  | "duplicate-images"
  | "near-duplicate-images"
  | "conflicting-labels"
  | "shared-patient"
  | "burnt-in-marks"
  | "few-images"
  | "class-imbalance"
  | "site-intensity"
  | "site-tells-class"
  | "size-tells-class";

export interface ImageFinding {
  readonly kind: ImageFindingKind;
  /** "leak": test results would mislead. "warning": a shortcut or a risk; look at it. "note": good to know. */
  readonly severity: Severity;
  /** One or two sentences. */
  readonly message: string;
  /** What was measured: a number of images or pairs, a share, Cramér's V, a standardised difference. */
  readonly figure: number;
  /** Samples concerned, those that belong together as one list; at most the first hundred lists. */
  readonly samples?: readonly (readonly number[])[];
}

const ORDER: Record<Severity, number> = { leak: 0, warning: 1, note: 2 };

/** Lists of samples that a finding holds. */
export const MOST_LISTS = 100;

/** The gravest first, else as they come. */
export function gravestImagesFirst(findings: readonly ImageFinding[]): ImageFinding[] {
  return [...findings].sort((a, b) => ORDER[a.severity] - ORDER[b.severity]);
}
