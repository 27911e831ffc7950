// The catalogue: every public data set that Roentgen knows, by what it shows.

import { RoentgenError } from "../../base/index.ts";
import { chestXRay14 } from "./chest/chest-x-ray14.ts";
import { chexpert } from "./chest/chexpert.ts";
import { mimicCxr } from "./chest/mimic-cxr.ts";
import { rsnaPneumonia } from "./chest/rsna-pneumonia.ts";
import { vindrCxr } from "./chest/vindr-cxr.ts";
import type { PublicDataset } from "./public-dataset.ts";

/** In the order in which they are listed. */
export const publicDatasets: readonly PublicDataset[] = [
  chestXRay14,
  chexpert,
  mimicCxr,
  rsnaPneumonia,
  vindrCxr,
];

/** @throws RoentgenError "bad-option" that lists names which come close, else all */
export function findPublicDataset(name: string): PublicDataset {
  const wanted = bare(name);
  const found = publicDatasets.find((one) => bare(one.name) === wanted);
  if (found) return found;
  const close = publicDatasets.filter(
    (one) => bare(one.name).includes(wanted) || bare(one.title).includes(wanted),
  );
  const listed = (close.length > 0 ? close : publicDatasets).map((one) => one.name).join(", ");
  throw new RoentgenError("bad-option", {
    problem: `There is no public data set "${name}" in the catalogue`,
    remedy: close.length > 0 ? `Did you mean ${listed}?` : `It has: ${listed}.`,
    subject: name,
  });
}

/** "ChestX-ray14" and "chest-x-ray14" are one. */
function bare(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}
