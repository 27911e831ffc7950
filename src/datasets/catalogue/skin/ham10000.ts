// HAM10000. Facts: doi:10.7910/DVN/DBW86T, Tschandl et al. 2018; columns as in HAM10000_metadata.

import type { WorkOptions } from "../../../base/index.ts";
import type { ImageDataset } from "../../images/image-dataset.ts";
import { noOptions, publicDataset } from "../public-dataset.ts";
import { classTarget, collectImages } from "../reading/collect-images.ts";
import type { DatasetFolder } from "../reading/dataset-folder.ts";
import { keyColumn, numberColumn, readTableFile, textColumn } from "../reading/table-file.ts";

const classes = [
  { code: "akiec", name: "actinic keratosis or Bowen's disease" },
  { code: "bcc", name: "basal cell carcinoma" },
  { code: "bkl", name: "benign keratosis" },
  { code: "df", name: "dermatofibroma" },
  { code: "mel", name: "melanoma" },
  { code: "nv", name: "melanocytic naevus" },
  { code: "vasc", name: "vascular lesion" },
];

export const ham10000 = publicDataset(
  {
    name: "ham10000",
    title: "HAM10000",
    modality: "dermatoscopy",
    region: "skin",
    size: "10,015 images",
    task: "7 classes of pigmented lesions",
    licence: { name: "CC BY-NC 4.0", url: "https://creativecommons.org/licenses/by-nc/4.0/" },
    citation: {
      authors: "Tschandl P, Rosendahl C, Kittler H",
      title:
        "The HAM10000 dataset, a large collection of multi-source dermatoscopic images of common pigmented skin lesions",
      source: "Scientific Data 5, 180161",
      year: 2018,
      doi: "10.1038/sdata.2018.161",
    },
    access: "open",
    url: "https://doi.org/10.7910/DVN/DBW86T",
    steps: [
      "Download HAM10000_metadata and both archives of images from the page, and unpack them into one folder.",
    ],
    layout: [
      "HAM10000_metadata.csv",
      "HAM10000_images_part_1/ISIC_0027419.jpg",
      "HAM10000_images_part_2/…",
    ],
    caveats: [
      "A lesion may have several images: split by lesion, which stands for the patient here.",
      "The images are the training side of ISIC 2018, task 3, and part of ISIC 2019.",
    ],
  },
  { options: noOptions, readImages },
);

async function readImages(
  folder: DatasetFolder,
  _settings: unknown,
  work: WorkOptions,
): Promise<ImageDataset> {
  const table = await readTableFile(
    folder.need("HAM10000_metadata.csv", "HAM10000_metadata", "HAM10000_metadata.tab"),
    work,
  );
  const codes = textColumn(table, "dx");
  const lesions = textColumn(table, "lesion_id");
  const ages = numberColumn(table, "age");
  const [proofs, sexes, places] = ["dx_type", "sex", "localization"].map((name) =>
    textColumn(table, name),
  );
  const images = keyColumn(table, "image_id").map((id, row) => {
    const target = classes.findIndex(({ code }) => code === codes[row]);
    return {
      listedAs: id,
      file: folder.find(`${id}.jpg`),
      target: target < 0 ? undefined : target,
      patient: lesions[row] ?? undefined,
      about: { age: ages[row], sex: sexes[row], place: places[row], proof: proofs[row] },
    };
  });
  return collectImages(folder, images, {
    target: classTarget(
      "diagnosis",
      classes.map(({ name }) => name),
    ),
    layout: "manifest",
    notes: ["Lesions stand for patients, whom the data set does not tell."],
  });
}
