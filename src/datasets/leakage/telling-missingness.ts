// A column that tells the target by whether it was measured at all.

import type { Column, Target } from "../../base/index.ts";
import { chiSquareSurvival, spearmanCorrelation } from "../../statistics/index.ts";
import type { Finding } from "./finding.ts";
import type { SuspicionThresholds } from "./suspicion.ts";

/** Reports a column whose being missing goes with the target, by strength and significance. */
export function findTellingMissingness(
  column: Column,
  target: Target,
  limits: SuspicionThresholds,
): Finding | undefined {
  const rows = column.values.length;
  const missing = Array.from<string | number | null, boolean>(
    column.values,
    (value) => value === null || Number.isNaN(value),
  );
  const count = missing.filter(Boolean).length;
  if (Math.min(count, rows - count) < 5) return undefined;
  const { strength, degrees } =
    target.task === "classification"
      ? associationWithClasses(missing, target.labels, target.classes.length)
      : { strength: associationWithValues(missing, target.values), degrees: 1 };
  // n V² is χ² distributed where there is no association.
  if (strength < limits.missingness) return undefined;
  if (chiSquareSurvival(rows * strength ** 2, degrees) > 1e-6) return undefined;
  return {
    kind: "telling-missingness",
    severity: strength >= 0.9 ? "leak" : "warning",
    columns: [column.name],
    figure: strength,
    message:
      `Whether "${column.name}" is missing (${count} of ${rows} rows) goes with the target ` +
      `(association ${strength.toFixed(2)}). It may have been measured only in certain cases.`,
  };
}

/** Cramér's V of a 2 × K table. */
function associationWithClasses(missing: readonly boolean[], labels: Int32Array, classes: number) {
  const counts = new Float64Array(2 * classes);
  labels.forEach((label, row) => {
    counts[(missing[row] ? classes : 0) + label] += 1;
  });
  const share = missing.filter(Boolean).length / missing.length;
  let chiSquare = 0;
  let degrees = -1;
  for (let label = 0; label < classes; label++) {
    const total = counts[label] + counts[classes + label];
    if (total === 0) continue;
    degrees += 1;
    chiSquare += (counts[classes + label] - total * share) ** 2 / (total * share * (1 - share));
  }
  return { strength: Math.sqrt(chiSquare / missing.length), degrees: Math.max(degrees, 1) };
}

/** |point-biserial correlation| */
function associationWithValues(missing: readonly boolean[], values: Float64Array): number {
  const flags = missing.map(Number);
  return Math.abs(spearmanCorrelation(values, flags)) || 0;
}
