// Manifests of data sets that were read: what is written, and that it reads back.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  type ImageDataset,
  readImageDataset,
  readPublicCases,
  readPublicDataset,
  writeManifest,
} from "../../../src/datasets/index.ts";
import { makeFolder } from "./generated-folder.ts";

const films = [
  "chest_xray/test/NORMAL/IM-0001-0001.jpeg",
  "chest_xray/train/NORMAL/IM-0115-0001.jpeg",
  "chest_xray/train/PNEUMONIA/person1_bacteria_1.jpeg",
];

/** Everything that a manifest is to keep. */
function kept({ samples, target }: ImageDataset) {
  return samples.map(({ path, target: value, patient, side }) => ({
    path,
    value: target.kind === "classes" ? target.classes[value as number] : value,
    patient,
    side,
  }));
}

describe("a manifest of images", () => {
  it("reads back as it was, beside the images or far from them", async () => {
    const folder = makeFolder({}, films);
    const dataset = await readPublicDataset("kermany-chest-x-ray", folder);
    for (const out of [join(folder, "films.csv"), join(makeFolder({}), "films.csv")]) {
      await writeManifest(dataset, out);
      const again = await readImageDataset(out, { images: folder });
      expect(kept(again)).toEqual(kept(dataset));
    }
    expect(readFileSync(join(folder, "films.csv"), "utf8").split("\n").slice(0, 2)).toEqual([
      "path,label,patient,split",
      "chest_xray/test/NORMAL/IM-0001-0001.jpeg,normal,test IM-0001,test",
    ]);
  });

  it("has a column a finding, empty where it is unknown", async () => {
    const labels =
      "No Finding,Enlarged Cardiomediastinum,Cardiomegaly,Lung Opacity,Lung Lesion,Edema,Consolidation,Pneumonia,Atelectasis,Pneumothorax,Pleural Effusion,Pleural Other,Fracture,Support Devices";
    const path = "train/patient00001/study1/view1_frontal.jpg";
    const folder = makeFolder(
      {
        "train.csv": `Path,Sex,Age,Frontal/Lateral,AP/PA,${labels}\n${path},Female,68,Frontal,AP,,,1.0,-1.0,,,0.0,,,,,,,\n`,
      },
      [path],
    );
    const out = join(folder, "manifest.csv");
    await writeManifest(await readPublicDataset("chexpert", folder), out);
    expect(readFileSync(out, "utf8")).toBe(
      `path,${labels},patient,split,age,sex,view,projection\n${path},0,0,1,,0,0,0,0,0,0,0,0,0,0,patient00001,train,68,Female,Frontal,AP\n`,
    );
    const again = await readImageDataset(out, { target: ["Cardiomegaly", "Edema"] });
    expect(again.samples[0].target).toEqual([1, 0]);
  });

  it("numbers the masks", async () => {
    const folder = makeFolder({}, [
      "benign/benign (1).png",
      "benign/benign (1)_mask.png",
      "benign/benign (1)_mask_1.png",
    ]);
    const out = join(folder, "busi.tsv");
    await writeManifest(await readPublicDataset("busi", folder), out);
    expect(readFileSync(out, "utf8").split("\n")[0]).toBe("path\tlabel\tmask\tmask_2");
  });

  it("is refused under another ending", async () => {
    const dataset = await readPublicDataset("kermany-chest-x-ray", makeFolder({}, films));
    await expect(writeManifest(dataset, "films.doc")).rejects.toThrow(/\.csv, \.tsv, \.parquet/);
  });
});

describe("a manifest of cases", () => {
  it("has a column a channel, and the mask", async () => {
    const names = ["t1", "t1ce", "t2", "flair", "seg"].map(
      (one) => `a/BraTS2021_00000_${one}.nii.gz`,
    );
    const folder = makeFolder({}, names);
    const out = join(folder, "brats.csv");
    await writeManifest(await readPublicCases("brats", folder), out);
    expect(readFileSync(out, "utf8")).toBe(
      `case,image T1,image T1 with contrast,image T2,image FLAIR,mask,patient\nBraTS2021_00000,${names.join(",")},BraTS2021_00000\n`,
    );
  });

  it("has marks as JSON, and says where nobody looked", async () => {
    const folder = makeFolder({
      "stage_2_train_labels.csv": "patientId,x,y,width,height,Target\na,,,,,0\nb,1,2,3,4,1\n",
    });
    mkdirSync(join(folder, "stage_2_train_images"));
    for (const id of ["a", "b"])
      writeFileSync(join(folder, "stage_2_train_images", `${id}.dcm`), "");
    const cases = await readPublicCases("rsna-pneumonia", folder);
    const out = join(folder, "rsna.csv");
    await writeManifest(cases, out);
    expect(readFileSync(out, "utf8")).toContain(
      'b,stage_2_train_images/b.dcm,b,"[{""kind"":""box"",""finding"":""Lung Opacity"",""box"":[1,2,4,6]}]"',
    );
    await writeManifest(cases, join(folder, "rsna.json"));
    expect(JSON.parse(readFileSync(join(folder, "rsna.json"), "utf8"))).toEqual(
      JSON.parse(JSON.stringify(cases)),
    );
  });
});
