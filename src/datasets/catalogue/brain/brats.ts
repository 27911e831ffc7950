// BraTS, adult glioma. Facts: synapse.org/brats, Baid et al. 2021; names of files as in the releases of 2018 to 2023.

import type { CaseDataset } from "../../cases/case-dataset.ts";
import { noOptions, publicDataset } from "../public-dataset.ts";
import { collectCases, type ListedCase } from "../reading/collect-cases.ts";
import type { DatasetFolder, FolderFile } from "../reading/dataset-folder.ts";

export const brats = publicDataset(
  {
    name: "brats",
    title: "BraTS (adult glioma)",
    modality: "MRI",
    region: "brain",
    size: "1,251 cases to train, 219 to validate (2021, the same in 2023)",
    task: "segmentation: necrotic core, oedema, enhancing tumour",
    licence: { name: "Terms of the challenge", url: "https://www.synapse.org/brats" },
    citation: {
      authors: "Baid U, Ghodasara S, Mohan S, et al.",
      title:
        "The RSNA-ASNR-MICCAI BraTS 2021 Benchmark on Brain Tumor Segmentation and Radiogenomic Classification",
      source: "arXiv:2107.02314",
      year: 2021,
    },
    access: "registration",
    url: "https://www.synapse.org/brats",
    steps: [
      "Register at Synapse, join the challenge, download the training and validation data and unpack them.",
    ],
    layout: [
      "BraTS2021_00000/BraTS2021_00000_t1.nii.gz, …_t1ce, …_t2, …_flair, …_seg",
      "or BraTS-GLI-00000-000/BraTS-GLI-00000-000-t1n.nii.gz, …-t1c, …-t2w, …-t2f, …-seg    (2023)",
    ],
    caveats: [
      "Enhancing tumour is 4 in masks up to 2022 and 3 from 2023 on.",
      "Cases of earlier years, of TCGA and of task 1 of the Medical Segmentation Decathlon come back under other names.",
    ],
  },
  { options: noOptions, readCases },
);

/** Names of the four sequences in both styles. */
const channels = [
  { name: "T1", endings: ["t1", "t1n"] },
  { name: "T1 with contrast", endings: ["t1ce", "t1c"] },
  { name: "T2", endings: ["t2", "t2w"] },
  { name: "FLAIR", endings: ["flair", "t2f"] },
];

async function readCases(folder: DatasetFolder): Promise<CaseDataset> {
  const groups = groupFiles(folder);
  const cases = [...groups].map(([name, files]): ListedCase => {
    const mask = files.get("seg");
    return {
      name,
      files: channels.map(({ endings }) => endings.map((one) => files.get(one)).find(Boolean)),
      ...(mask && { masks: [{ file: mask }] }),
      patient: patientOf(name),
    };
  });
  return collectCases(folder, cases, {
    channels: channels.map(({ name }) => name),
    structures: structuresOf([...groups.values()]),
  });
}

/** "BraTS20_Training_001_flair.nii", "BraTS-GLI-00000-000-t2f.nii.gz": case, sequence. */
function groupFiles({ files }: DatasetFolder): Map<string, Map<string, FolderFile>> {
  const groups = new Map<string, Map<string, FolderFile>>();
  for (const file of files) {
    const name = file.parts.at(-1) as string;
    const found = /^(bra?ts.+)[_-](t1|t1ce|t2|flair|t1n|t1c|t2w|t2f|seg)\.nii(?:\.gz)?$/i.exec(
      name,
    );
    if (!found) continue;
    const [, group, sequence] = found;
    const known = groups.get(group) ?? new Map<string, FolderFile>();
    groups.set(group, known.set(sequence.toLowerCase(), file));
  }
  return groups;
}

/** The last number of the newer names counts a patient's scans. */
function patientOf(name: string): string {
  return /^BraTS-[A-Z]+-\d+/.exec(name)?.[0] ?? name;
}

function structuresOf(groups: readonly ReadonlyMap<string, FolderFile>[]) {
  const isNew = groups.some((files) => files.has("t2f"));
  return [
    { value: 1, name: "necrotic core" },
    { value: 2, name: "oedema" },
    { value: isNew ? 3 : 4, name: "enhancing tumour" },
  ];
}
