// What a model card says of one kind of model, and of classes whatever the kind.

import type { rules } from "../../base/index.ts";
import type { classRule } from "./facts.ts";

/** The parts of a card that depend on what a model takes. */
export interface CardWords {
  /** What it predicts, learnt from what. */
  readonly opening: string;
  /** Markdown. */
  readonly inputs: string;
  /** A sentence each. */
  readonly limits: readonly string[];
}

/** "benign (SNOMED CT 30807003, Benign neoplasm), malignant". */
export function classesInWords(classes: readonly rules.output<typeof classRule>[]): string {
  return classes
    .map(({ name, snomed }) =>
      snomed ? `${name} (SNOMED CT ${snomed.code}, ${snomed.display})` : name,
    )
    .join(", ");
}

/** " of 12 patients", where they are known. */
export function ofPatients(patients: number | undefined): string {
  return patients === undefined ? "" : ` of ${patients} patients`;
}

export const PREVALENCE_LIMIT =
  "PPV and NPV hold only where the classes are as common as in the data it was judged on.";
