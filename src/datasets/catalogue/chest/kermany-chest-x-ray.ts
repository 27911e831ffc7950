// Chest X-rays of Kermany et al. Facts: data.mendeley.com/datasets/rscbjbr9sj, Kermany et al. 2018.

import { oneOf, parameters, type SettingsOf } from "../../../base/index.ts";
import { kermanyPatient } from "../../images/folders/patient-names.ts";
import type { ImageDataset } from "../../images/image-dataset.ts";
import { publicDataset } from "../public-dataset.ts";
import { listClassFolders } from "../reading/class-folders.ts";
import { classTarget, collectImages, type ListedImage } from "../reading/collect-images.ts";
import type { DatasetFolder } from "../reading/dataset-folder.ts";

const options = parameters({
  classes: oneOf("two", "three")
    .default("two")
    .describe("pneumonia as one class (two, the default) or by its cause (three)"),
});
type Settings = SettingsOf<typeof options>;

export const kermanyChestXRay = publicDataset(
  {
    name: "kermany-chest-x-ray",
    title: "Paediatric chest X-rays of Kermany et al.",
    modality: "X-ray",
    region: "chest",
    size: "5,856 films of children of one to five years",
    task: "normal or pneumonia; of pneumonia the cause",
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
    steps: ["Download ChestXRay2017.zip from the page, or the edition at Kaggle, and unpack it."],
    layout: [
      "chest_xray/train/NORMAL/IM-0115-0001.jpeg",
      "chest_xray/train/PNEUMONIA/person1_bacteria_1.jpeg",
      "chest_xray/test/…          (Kaggle's edition: val/ too, 16 films of the training side)",
    ],
    caveats: [
      "Normal films and films with pneumonia come in different sizes: a shortcut to guard against.",
    ],
  },
  { options, readImages },
);

const normal = { name: "normal", folders: ["normal"] };
const pneumonia = { name: "pneumonia", folders: ["pneumonia"] };

async function readImages(folder: DatasetFolder, { classes }: Settings): Promise<ImageDataset> {
  const listed = listClassFolders(folder, {
    classes: [normal, pneumonia],
    within: "chest_xray",
  });
  const images = listed.map((image) => ({
    ...image,
    target: classes === "two" ? image.target : causeOf(image),
    patient: image.file && kermanyPatient({ parts: image.file.parts, side: image.side }),
  }));
  const names = classes === "two" ? ["normal", "pneumonia"] : ["normal", "bacterial", "viral"];
  return collectImages(folder, images, {
    target: classTarget("class", names),
    layout: "folders",
    notes: ["Numbers of patients start anew on the test side, which is of other patients."],
  });
}

/** "person1_bacteria_1.jpeg", "person1000_virus_1681.jpeg". */
function causeOf({ listedAs, target }: ListedImage): number | undefined {
  if (target === 0) return 0;
  const cause = /_(bacteria|virus)_/.exec(listedAs)?.[1];
  return cause === undefined ? undefined : { bacteria: 1, virus: 2 }[cause as "bacteria" | "virus"];
}
