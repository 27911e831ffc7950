// What images of each site, scanner or other subgroup look like in grey, and whether it tells the class.

import { type Column, counted, textValues } from "../../../base/index.ts";
import type { ImageDataset } from "../image-dataset.ts";
import { associationOf } from "./association.ts";
import { classOfSample } from "./class-of-sample.ts";
import type { Likenesses } from "./find-duplicates.ts";
import type { ImageFinding } from "./image-finding.ts";

/** Grey values of the prepared images of one group: 0 is black, 1 is white. */
export interface GroupIntensity {
  /** The column, or "class". */
  readonly column: string;
  readonly group: string;
  readonly images: number;
  /** Mean over images of their mean value, and how it differs between them. */
  readonly mean: number;
  readonly meanDeviation: number;
  /** Mean over images of the standard deviation within each: its contrast. */
  readonly contrast: number;
}

/** Columns of at most so many different values are taken for subgroups. */
const MOST_GROUPS = 20;

/** Groups of fewer images say too little. */
const FEWEST = 10;

/** Columns that say where or with what an image was made, rather than of whom. */
const SITE =
  /(site|centre|center|hospital|institut|scanner|vendor|manufacturer|device|machine|model|source|origin|dataset|cohort|protocol|view|projection|position)/i;

/** Of each class, and of each value of the columns with few. */
export function groupIntensities(dataset: ImageDataset, likenesses: Likenesses): GroupIntensity[] {
  const { samples } = likenesses;
  const byClass = samples.map((sample) => classOfSample(dataset, sample));
  return [
    ...(dataset.target.kind === "classes" ? summarise("class", byClass, likenesses) : []),
    ...subgroups(dataset, samples).flatMap(({ name, groups }) =>
      summarise(name, groups, likenesses),
    ),
  ];
}

interface Subgroups {
  readonly name: string;
  /** Of each of the samples; empty where it is unknown. */
  readonly groups: readonly string[];
}

function subgroups({ columns }: ImageDataset, samples: readonly number[]): Subgroups[] {
  return columns.flatMap((column: Column) => {
    const values = textValues(column);
    const groups = samples.map((sample) => values[sample] ?? "");
    const distinct = new Set(groups.filter((group) => group !== ""));
    return distinct.size >= 2 && distinct.size <= MOST_GROUPS
      ? [{ name: column.name, groups }]
      : [];
  });
}

function summarise(
  column: string,
  groups: readonly string[],
  { mean, deviation }: Likenesses,
): GroupIntensity[] {
  const names = [...new Set(groups)].filter((group) => group !== "").sort();
  return names.map((group) => {
    const own = [...groups.keys()].filter((at) => groups[at] === group);
    const means = own.map((at) => mean[at]);
    const average = averageOf(means);
    const variance = averageOf(means.map((value) => (value - average) ** 2));
    const contrast = averageOf(own.map((at) => deviation[at]));
    return {
      column,
      group,
      images: own.length,
      mean: average,
      meanDeviation: Math.sqrt(variance),
      contrast,
    };
  });
}

/** Standardised difference of group means from which it is seen at a glance (Cohen's "large"). */
const LARGE = 0.8;

/** Association of site and class from which a network may learn the one for the other. */
const STRONG = 0.3;

/** Sites that look different, and sites that tell the class. */
export function siteFindings(
  dataset: ImageDataset,
  likenesses: Likenesses,
  intensities: readonly GroupIntensity[],
): ImageFinding[] {
  const sites = subgroups(dataset, likenesses.samples).filter(({ name }) => SITE.test(name));
  return sites.flatMap(({ name, groups }) => {
    const own = intensities.filter(({ column, images }) => column === name && images >= FEWEST);
    return [...intensityFinding(name, own), ...classFinding(dataset, likenesses, { name, groups })];
  });
}

function intensityFinding(name: string, groups: readonly GroupIntensity[]): ImageFinding[] {
  if (groups.length < 2) return [];
  const sorted = [...groups].sort((a, b) => a.mean - b.mean);
  const [dark, bright] = [sorted[0], sorted.at(-1) as GroupIntensity];
  const spread = Math.sqrt((dark.meanDeviation ** 2 + bright.meanDeviation ** 2) / 2);
  const difference = (bright.mean - dark.mean) / Math.max(spread, 1e-6);
  if (difference < LARGE) return [];
  return [
    {
      kind: "site-intensity",
      severity: "warning",
      figure: difference,
      message: `Images differ in brightness by "${name}": ${JSON.stringify(dark.group)} has a mean of ${dark.mean.toFixed(2)}, ${JSON.stringify(bright.group)} of ${bright.mean.toFixed(2)}. Judge each apart.`,
    },
  ];
}

function classFinding(
  dataset: ImageDataset,
  { samples }: Likenesses,
  { name, groups }: Subgroups,
): ImageFinding[] {
  if (dataset.target.kind !== "classes") return [];
  const pairs = samples.flatMap((sample, at) =>
    groups[at] === "" ? [] : [[groups[at], classOfSample(dataset, sample)] as const],
  );
  const { cramersV, pValue } = associationOf(pairs);
  if (cramersV < STRONG || pValue > 0.001) return [];
  return [
    {
      kind: "site-tells-class",
      severity: "warning",
      figure: cramersV,
      message: `"${name}" goes with the class (Cramér's V ${cramersV.toFixed(2)} of ${counted(pairs.length, "image")}): a network can learn it in place of the finding.`,
    },
  ];
}

function averageOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
