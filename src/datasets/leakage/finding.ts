// What a leakage check found: data for programs, a sentence for people.

/** What was found. "not-checked": what could not be looked for. */
export type FindingKind =
  | "duplicate-rows"
  | "near-duplicate-rows"
  | "conflicting-labels"
  | "shared-group"
  | "telling-column"
  | "telling-missingness"
  | "identifier-column"
  | "not-checked";

/** "leak": test results would mislead. "warning": look at it. "note": good to know. */
export type Severity = "leak" | "warning" | "note";

/** One thing that a leakage check found. */
export interface Finding {
  readonly kind: FindingKind;
  readonly severity: Severity;
  /** Columns concerned. */
  readonly columns?: readonly string[];
  /** Rows concerned, those that belong together as one list. */
  readonly rows?: readonly (readonly number[])[];
  /** Groups concerned, as indices into the view's. */
  readonly groups?: readonly number[];
  /** What was measured: a number of rows or groups, an AUC, an accuracy, R², Cramér's V. */
  readonly figure: number;
  /** One or two sentences. Row numbers in it count from 1. */
  readonly message: string;
}

const ORDER: Record<Severity, number> = { leak: 0, warning: 1, note: 2 };

/** The gravest first, else as they come. */
export function gravestFirst(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => ORDER[a.severity] - ORDER[b.severity]);
}
