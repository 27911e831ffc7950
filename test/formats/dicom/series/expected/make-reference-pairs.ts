// Writes reference-pairs.json: for every pair of DICOM and reference NIfTI in the shared data, how far we are from
// the reference. Run from the root: node --conditions=roentgen-source test/formats/dicom/series/expected/make-reference-pairs.ts

import { readdirSync, writeFileSync } from "node:fs";
import { openFile } from "../../../../../src/base/files-node.ts";
import type { Volume } from "../../../../../src/base/index.ts";
import {
  listDicom,
  listedEntries,
  readNifti,
  readVolume,
} from "../../../../../src/formats/index.ts";
import { comparePair } from "../reference-pairs.ts";

const data = "../shared/data/dicom";
const rows = [];
for (const set of ["dcm_qa_ts", "dcm_qa_nih", "dcm_qa_enh"]) {
  const names = readdirSync(`${data}/${set}/Ref`).filter((name) => name.endsWith(".nii"));
  const entries = listedEntries(await listDicom(`${data}/${set}/In`));
  for (const name of names) {
    const source = await openFile(`${data}/${set}/Ref/${name}`);
    const reference = (await readNifti(source)).image as Volume;
    await source.close();
    const stem = name.replace(".nii", "");
    const series =
      set === "dcm_qa_enh"
        ? stem.startsWith("Siemens")
          ? 6
          : 801
        : Number(stem.split("_").at(-1));
    const entry = entries.find(
      (one) =>
        one.kind === "volume" &&
        one.series.number === series &&
        one.size[0] === reference.geometry.size[0] &&
        (!stem.includes("_e") || (one.apart.component === "real") === stem.includes("fieldmaphz")),
    );
    if (entry?.kind !== "volume") continue;
    const { image, notes } = await readVolume(entry);
    rows.push({ reference: `${set}/${stem}`, ...comparePair(image, reference), notes });
  }
}
const about = {
  reference: "dcm2niix v1.0.20210805 to v1.0.20260620, as named in the JSON beside each NIfTI",
  differences: {
    Philips_WIP_B0_NS_801_e1:
      "scaled by 1 / scale slope = 118362 in both; the reference has the slope in float32, as our values are",
    Philips_WIP_B0_NS_801_e2_fieldmaphz:
      "the reference's slope and intercept (0.2442017, -499.9999) are off the header's (0.2442002, -500) in the sixth digit; ours are the header's",
  },
};
writeFileSync(
  new URL("reference-pairs.json", import.meta.url),
  `${JSON.stringify({ about, pairs: rows }, null, 1)}\n`,
);
