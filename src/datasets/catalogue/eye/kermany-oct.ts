// OCT of Kermany et al. Facts: data.mendeley.com/datasets/rscbjbr9sj, Kermany et al. 2018.

import type { ImageDataset } from "../../images/image-dataset.ts";
import { noOptions, publicDataset } from "../public-dataset.ts";
import { listClassFolders } from "../reading/class-folders.ts";
import { classTarget, collectImages } from "../reading/collect-images.ts";
import type { DatasetFolder } from "../reading/dataset-folder.ts";

const classes = [
  { name: "normal", folders: ["normal"] },
  { name: "choroidal neovascularisation", folders: ["cnv"] },
  { name: "diabetic macular oedema", folders: ["dme"] },
  { name: "drusen", folders: ["drusen"] },
];

export const kermanyOct = publicDataset(
  {
    name: "kermany-oct",
    title: "Retinal OCT of Kermany et al.",
    modality: "optical coherence tomography",
    region: "retina",
    size: "109,309 images: 108,309 to train, 1,000 to test",
    task: "4 classes",
    licence: { name: "CC BY 4.0", url: "https://creativecommons.org/licenses/by/4.0/" },
    citation: {
      authors: "Kermany DS, Goldbaum M, Cai W, et al.",
      title: "Identifying Medical Diagnoses and Treatable Diseases by Image-Based Deep Learning",
      source: "Cell 172, 1122–1131",
      year: 2018,
      doi: "10.1016/j.cell.2018.02.010",
    },
    access: "open",
    url: "https://data.mendeley.com/datasets/rscbjbr9sj/3",
    steps: [
      "Download the archive of the OCT from the page, or the edition at Kaggle, and unpack it.",
    ],
    layout: [
      "OCT2017/train/CNV/CNV-1016042-1.jpeg",
      "OCT2017/test/DRUSEN/…     (class, patient, number of the image)",
    ],
    caveats: ["Patients have many images: split by patient."],
  },
  { options: noOptions, readImages },
);

async function readImages(folder: DatasetFolder): Promise<ImageDataset> {
  const images = listClassFolders(folder, { classes, within: "OCT2017" }).map((image) => ({
    ...image,
    patient: /\/[A-Z]+-(\d+)-\d+\.\w+$/.exec(`/${image.listedAs}`)?.[1],
  }));
  return collectImages(folder, images, {
    target: classTarget(
      "class",
      classes.map(({ name }) => name),
    ),
    layout: "folders",
  });
}
