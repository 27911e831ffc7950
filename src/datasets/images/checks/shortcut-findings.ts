// Marks and sizes that go with the class: what a network could learn in place of the finding.

import { counted } from "../../../base/index.ts";
import type { ImageDataset } from "../image-dataset.ts";
import { associationOf } from "./association.ts";
import { classOfSample } from "./class-of-sample.ts";
import { type ImageFinding, MOST_LISTS } from "./image-finding.ts";
import type { LookedAt } from "./look-for-marks.ts";

/** Share of images with marks from which they are told of. */
const SHARE = 0.05;

/** Association from which a shortcut is likely, and the chance that it is none. */
const STRONG = 0.3;
const CHANCE = 0.001;

export function markFindings(dataset: ImageDataset, looked: readonly LookedAt[]): ImageFinding[] {
  const marked = looked.filter(({ marks }) => marks.length > 0);
  const share = marked.length / Math.max(1, looked.length);
  const pairs = looked.map(({ sample, marks }) => {
    return [marks.length > 0 ? "marked" : "plain", classOfSample(dataset, sample)] as const;
  });
  const { cramersV, pValue } = associationOf(pairs);
  const goesWithClass = dataset.target.kind === "classes" && cramersV >= STRONG && pValue < CHANCE;
  if (!goesWithClass && share < SHARE) return [];
  const shown = goesWithClass
    ? `, more in some classes than in others (Cramér's V ${cramersV.toFixed(2)})`
    : "";
  return [
    {
      kind: "burnt-in-marks",
      severity: "warning",
      figure: goesWithClass ? cramersV : share,
      message: `Burnt-in writing or side markers in ${marked.length} of ${counted(looked.length, "image")} looked at${shown}: see in the explanations whether the network looks at them, or crop them.`,
      samples: marked.slice(0, MOST_LISTS).map(({ sample }) => [sample]),
    },
  ];
}

/** Sizes that fewer images have are counted together. */
const FEWEST = 5;

/** Whether the size of the files goes with the class, as where classes come from different sources. */
export function sizeFindings(dataset: ImageDataset, looked: readonly LookedAt[]): ImageFinding[] {
  if (dataset.target.kind !== "classes") return [];
  const sizes = looked.map(({ size }) => size.join(" × "));
  const counts = new Map<string, number>();
  for (const size of sizes) counts.set(size, (counts.get(size) ?? 0) + 1);
  const pairs = looked.map(({ sample }, at) => {
    const isCommon = (counts.get(sizes[at]) as number) >= FEWEST;
    return [isCommon ? sizes[at] : "another size", classOfSample(dataset, sample)] as const;
  });
  const { cramersV, pValue } = associationOf(pairs);
  if (cramersV < STRONG || pValue > CHANCE) return [];
  return [
    {
      kind: "size-tells-class",
      severity: "warning",
      figure: cramersV,
      message: `The size of the images goes with the class (Cramér's V ${cramersV.toFixed(2)} of ${counted(looked.length, "image")}): classes seem to come from different sources, whose traces a network can learn in place of the finding.`,
    },
  ];
}
