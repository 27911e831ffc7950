// KiTS19, 21 and 23. Facts: github.com/neheller/kits23 and kits19, Heller et al. 2021.

import { readFileBytes } from "#files";
import { rules } from "../../../base/index.ts";
import type { CaseDataset } from "../../cases/case-dataset.ts";
import { noOptions, publicDataset } from "../public-dataset.ts";
import { collectCases, type ListedCase } from "../reading/collect-cases.ts";
import type { DatasetFolder } from "../reading/dataset-folder.ts";
import { parseJson } from "../reading/json-file.ts";

export const kits = publicDataset(
  {
    name: "kits",
    title: "KiTS (kidney tumours)",
    modality: "CT",
    region: "abdomen",
    size: "489 cases to train (KiTS23); 210 (KiTS19)",
    task: "segmentation: kidney, tumour, from KiTS21 on cyst",
    licence: {
      name: "CC BY-NC-SA 4.0",
      url: "https://creativecommons.org/licenses/by-nc-sa/4.0/",
    },
    citation: {
      authors: "Heller N, Isensee F, Maier-Hein KH, et al.",
      title:
        "The state of the art in kidney and kidney tumor segmentation in contrast-enhanced CT imaging: Results of the KiTS19 Challenge",
      source: "Medical Image Analysis 67, 101821",
      year: 2021,
      doi: "10.1016/j.media.2020.101821",
    },
    access: "open",
    url: "https://kits-challenge.org/kits23/",
    steps: [
      "git clone https://github.com/neheller/kits23, install it with pip and run kits23_download_data.",
    ],
    layout: [
      "dataset/case_00000/imaging.nii.gz",
      "dataset/case_00000/segmentation.nii.gz",
      "dataset/kits23.json    (data/kits.json in KiTS19)",
    ],
  },
  { options: noOptions, readCases },
);

const patients = rules.array(
  rules.looseObject({
    case_id: rules.string(),
    age_at_nephrectomy: rules.number().nullish(),
    gender: rules.string().nullish(),
    malignant: rules.boolean().nullish(),
  }),
);

async function readCases(folder: DatasetFolder): Promise<CaseDataset> {
  const known = await readPatients(folder);
  const cases = folder.files.flatMap((file): ListedCase[] => {
    const name = file.parts.at(-2) ?? "";
    if (file.parts.at(-1) !== "imaging.nii.gz" || !/^case_\d+$/.test(name)) return [];
    const mask = folder.findByEnd(`${name}/segmentation.nii.gz`);
    const patient = known.get(name);
    return [
      {
        name,
        files: [file],
        ...(mask && { masks: [{ file: mask }] }),
        patient: name,
        about: {
          age: patient?.age_at_nephrectomy ?? null,
          sex: patient?.gender ?? null,
          malignant: patient?.malignant == null ? null : String(patient.malignant),
        },
      },
    ];
  });
  return collectCases(folder, cases, {
    channels: ["CT"],
    structures: [
      { value: 1, name: "kidney" },
      { value: 2, name: "tumour" },
      { value: 3, name: "cyst" },
    ],
    notes: ["Masks of KiTS19 have no cysts (3)."],
  });
}

async function readPatients(folder: DatasetFolder) {
  const file = folder.find("kits23.json", "kits21.json", "kits.json");
  if (!file) return new Map<string, never>();
  const read = parseJson(await readFileBytes(file.path), patients, file.path);
  return new Map(read.map((patient) => [patient.case_id, patient]));
}
