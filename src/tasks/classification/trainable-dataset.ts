// The part of a data set that something can be learnt of: findings that some images have and others lack, and images of which
// something is known.

import { counted, RoentgenError, takeColumnRows } from "../../base/index.ts";
import type { ImageDataset } from "../../datasets/index.ts";
import { countFindings, type FindingCount } from "./findings.ts";

/**
 * The data set without findings that no image is known to have, or none to lack, and without images of which nothing is known;
 * its notes say what was left out. Data sets of classes and measurements stay as they are.
 * @throws RoentgenError "too-few-samples" where no finding is left
 */
export function trainableDataset(dataset: ImageDataset): ImageDataset {
  const { target, samples, columns, notes } = dataset;
  if (target.kind !== "labels") return dataset;
  const counts = countFindings(dataset, samples.keys());
  const kept = [...target.labels.keys()].filter((at) => canBeLearnt(counts[at]));
  checkFindings(dataset, samples.keys());
  const values = samples.map((sample) => {
    const all = sample.target as readonly number[];
    return kept.map((at) => all[at]);
  });
  const rows = [...samples.keys()].filter((row) => !values[row].every(Number.isNaN));
  const leftOut = target.labels.filter((_, at) => !kept.includes(at));
  return {
    ...dataset,
    target: { ...target, labels: kept.map((at) => target.labels[at]) },
    samples: rows.map((row) => ({ ...samples[row], target: values[row] })),
    columns: columns.map((column) => takeColumnRows(column, Uint32Array.from(rows))),
    notes: [
      ...notes,
      ...(leftOut.length > 0 ? [leftOutInWords(leftOut)] : []),
      ...(rows.length < samples.length
        ? [
            `${counted(samples.length - rows.length, "image")} of which no finding is known left out.`,
          ]
        : []),
    ],
  };
}

/**
 * Refuses samples in which no finding is there in some and known not to be in others.
 * @throws RoentgenError "too-few-samples"
 */
export function checkFindings(dataset: ImageDataset, rows: Iterable<number>): void {
  const counts = countFindings(dataset, rows);
  if (!counts.some(canBeLearnt)) throw nothingToTell(dataset, counts);
}

function canBeLearnt({ found, absent }: FindingCount): boolean {
  return found > 0 && absent > 0;
}

function leftOutInWords(labels: readonly string[]): string {
  const names = labels.map((name) => `"${name}"`).join(", ");
  return `Left out, since no image is known to have it or none to lack it: ${names}.`;
}

function nothingToTell({ target, path }: ImageDataset, counts: readonly FindingCount[]) {
  const [least] = [...counts].sort((a, b) => b.found + b.absent - a.found - a.absent);
  return new RoentgenError("too-few-samples", {
    problem: "There is nothing to tell apart",
    expected: "images that have a finding and others that are known not to",
    found: least
      ? `at most ${counted(least.found, "image")} with and ${least.absent} without one`
      : `no finding in "${target.name}"`,
    remedy:
      "Write 1 where a finding is there, 0 where it is not, and nothing where that is unknown.",
    subject: path,
  });
}
