// The catalogue: every public data set that Roentgen knows, by what it shows.

import { RoentgenError } from "../../base/index.ts";
import { amos } from "./abdomen/amos.ts";
import { kits } from "./abdomen/kits.ts";
import { mura } from "./bones/mura.ts";
import { adni } from "./brain/adni.ts";
import { brainTumourMri } from "./brain/brain-tumour-mri.ts";
import { brats } from "./brain/brats.ts";
import { oasis1 } from "./brain/oasis-1.ts";
import { busi } from "./breast/busi.ts";
import { cbisDdsm } from "./breast/cbis-ddsm.ts";
import { chestXRay14 } from "./chest/chest-x-ray14.ts";
import { chexpert } from "./chest/chexpert.ts";
import { covidRadiography } from "./chest/covid-radiography.ts";
import { kermanyChestXRay } from "./chest/kermany-chest-x-ray.ts";
import { lidcIdri } from "./chest/lidc-idri.ts";
import { luna16 } from "./chest/luna16.ts";
import { mimicCxr } from "./chest/mimic-cxr.ts";
import { rsnaPneumonia } from "./chest/rsna-pneumonia.ts";
import { vindrCxr } from "./chest/vindr-cxr.ts";
import { decathlon } from "./collections/decathlon.ts";
import { medmnist } from "./collections/medmnist.ts";
import { tcia } from "./collections/tcia.ts";
import { drive } from "./eye/drive.ts";
import { kermanyOct } from "./eye/kermany-oct.ts";
import type { PublicDataset } from "./public-dataset.ts";
import { ham10000 } from "./skin/ham10000.ts";
import { isic2018, isic2018Segmentation, isic2019 } from "./skin/isic.ts";

/** In the order in which they are listed: by region, then collections. */
export const publicDatasets: readonly PublicDataset[] = [
  ...[chestXRay14, chexpert, mimicCxr, rsnaPneumonia, vindrCxr, kermanyChestXRay],
  ...[covidRadiography, lidcIdri, luna16],
  ...[mura],
  ...[cbisDdsm, busi],
  ...[brats, brainTumourMri, oasis1, adni],
  ...[kits, amos],
  ...[ham10000, isic2018, isic2019, isic2018Segmentation],
  ...[drive, kermanyOct],
  ...decathlon,
  ...medmnist,
  tcia,
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
