// Readers of chest X-ray data sets, on folders of their layout.

import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import {
  type ImageDataset,
  readPublicCases,
  readPublicDataset,
} from "../../../src/datasets/index.ts";
import { makeFolder } from "./generated-folder.ts";

function labelsOf({ target }: ImageDataset): readonly string[] {
  if (target.kind !== "labels") throw new Error(`a target of ${target.kind}`);
  return target.labels;
}

describe("NIH ChestX-ray14", () => {
  const entries = `Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position,OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y],
00000001_000.png,Cardiomegaly|Effusion,0,1,058Y,M,PA,2682,2749,0.143,0.143,
00000001_001.png,No Finding,1,1,058Y,M,AP,2894,2729,0.143,0.143,
00000002_000.png,Pleural_Thickening,0,2,081Y,F,PA,2500,2048,0.171,0.171,
00000003_000.png,Hernia,0,3,081Y,F,PA,2500,2048,0.171,0.171,
`;
  const boxes = `Image Index,Finding Label,Bbox [x,y,w,h],,,
00000001_000.png,Infiltrate,225.5,547,86.5,79,,,
00000001_000.png,Cardiomegaly,10,20,30,40,,,
`;
  const folder = () =>
    makeFolder(
      {
        "Data_Entry_2017.csv": entries,
        "BBox_List_2017.csv": boxes,
        "train_val_list.txt": "00000001_000.png\n00000001_001.png\n",
        "test_list.txt": "00000002_000.png\n",
      },
      [
        "images_001/images/00000001_000.png",
        "images_001/images/00000001_001.png",
        "images_002/images/00000002_000.png",
      ],
    );

  it("is read as 14 findings, by patient, with the official sides", async () => {
    const dataset = await readPublicDataset("ChestX-ray14", folder());
    const labels = labelsOf(dataset);
    expect(labels).toHaveLength(14);
    const found = dataset.samples.map(({ target }) =>
      labels.filter((_, at) => (target as number[])[at] === 1),
    );
    expect(found).toEqual([["Cardiomegaly", "Effusion"], [], ["Pleural_Thickening"]]);
    expect(dataset.samples.map(({ patient, side }) => [patient, side])).toEqual([
      ["1", "train"],
      ["1", "train"],
      ["2", "test"],
    ]);
    expect(dataset.samples[2].name).toBe("images_002/images/00000002_000.png");
    expect(dataset.columns).toEqual([
      { kind: "number", name: "age", values: Float64Array.of(58, 58, 81) },
      { kind: "text", name: "sex", values: ["M", "M", "F"] },
      { kind: "text", name: "view", values: ["PA", "AP", "PA"] },
    ]);
    expect(dataset.problems).toEqual([
      expect.objectContaining({ kind: "without-file", subjects: ["00000003_000.png"], count: 1 }),
    ]);
  });

  it("has boxes in pixels, their right and lower edges outside", async () => {
    const { cases, findings } = await readPublicCases("chest-x-ray14", folder());
    expect(findings).toEqual(["Cardiomegaly", "Infiltration"]);
    expect(cases).toHaveLength(1);
    expect(cases[0]).toMatchObject({ name: "00000001_000.png", patient: "1", marked: true });
    expect(cases[0].marks).toEqual([
      { kind: "box", finding: "Infiltration", box: [225.5, 547, 312, 626] },
      { kind: "box", finding: "Cardiomegaly", box: [10, 20, 40, 60] },
    ]);
  });
});

describe("CheXpert", () => {
  const labels =
    "No Finding,Enlarged Cardiomediastinum,Cardiomegaly,Lung Opacity,Lung Lesion,Edema,Consolidation,Pneumonia,Atelectasis,Pneumothorax,Pleural Effusion,Pleural Other,Fracture,Support Devices";
  const heading = `Path,Sex,Age,Frontal/Lateral,AP/PA,${labels}`;
  const folder = () =>
    makeFolder(
      {
        "CheXpert-v1.0-small/train.csv": `${heading}
CheXpert-v1.0-small/train/patient00001/study1/view1_frontal.jpg,Female,68,Frontal,AP,,,1.0,-1.0,,,0.0,,,,,,,
CheXpert-v1.0-small/train/patient00001/study1/view2_lateral.jpg,Female,68,Lateral,,,,1.0,-1.0,,,0.0,,,,,,,
`,
        "CheXpert-v1.0-small/valid.csv": `${heading}
CheXpert-v1.0-small/valid/patient64541/study1/view1_frontal.jpg,Male,73,Frontal,AP,0.0,1.0,1.0,1.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0
`,
      },
      [
        "CheXpert-v1.0-small/train/patient00001/study1/view1_frontal.jpg",
        "CheXpert-v1.0-small/train/patient00001/study1/view2_lateral.jpg",
        "CheXpert-v1.0-small/valid/patient64541/study1/view1_frontal.jpg",
      ],
    );

  it.each([
    [{}, Number.NaN, 0],
    [{ uncertain: "ignore", blank: "ignore" }, Number.NaN, Number.NaN],
    [{ uncertain: "zeros" }, 0, 0],
    [{ uncertain: "ones", blank: "ignore" }, 1, Number.NaN],
  ] as const)(
    "makes of uncertain and blank labels what %o says",
    async (options, uncertain, blank) => {
      const { samples, notes } = await readPublicDataset("chexpert", folder(), options);
      const [, , found, doubtful, silent, , denied] = samples[0].target as number[];
      expect([found, doubtful, silent, denied]).toEqual([1, uncertain, blank, 0]);
      expect(notes[0]).toMatch(/^Uncertain labels \(-1\) count as .*, blank ones as /);
    },
  );

  it("is read by patient, with the official validation side", async () => {
    const { samples, columns } = await readPublicDataset("chexpert", folder());
    expect(samples.map(({ patient, side }) => [patient, side])).toEqual([
      ["patient00001", "train"],
      ["patient00001", "train"],
      ["patient64541", "validation"],
    ]);
    expect(columns.map(({ name }) => name)).toEqual(["age", "sex", "view", "projection"]);
    expect(columns[3].values).toEqual(["AP", null, "AP"]);
  });

  it("is found in the batches of full size", async () => {
    const path = "CheXpert-v1.0/train/patient00001/study1/view1_frontal.jpg";
    const root = makeFolder(
      { "train.csv": `${heading}\n${path},Female,68,Frontal,AP,1.0,,,,,,,,,,,,,\n` },
      ["CheXpert-v1.0 batch 2 (train 1)/patient00001/study1/view1_frontal.jpg"],
    );
    const { samples } = await readPublicDataset("chexpert", root);
    expect(samples[0].name).toBe(
      "CheXpert-v1.0 batch 2 (train 1)/patient00001/study1/view1_frontal.jpg",
    );
  });

  it("refuses an option that it does not have", async () => {
    await expect(readPublicDataset("chexpert", folder(), { uncertan: "ones" })).rejects.toThrow(
      'The reader of CheXpert has no option "uncertan". It has: uncertain, blank.',
    );
  });
});

describe("MIMIC-CXR-JPG", () => {
  const observations =
    "Atelectasis,Cardiomegaly,Consolidation,Edema,Enlarged Cardiomediastinum,Fracture,Lung Lesion,Lung Opacity,No Finding,Pleural Effusion,Pleural Other,Pneumonia,Pneumothorax,Support Devices";
  const tables = {
    "mimic-cxr-2.0.0-split.csv": `dicom_id,study_id,subject_id,split
02aa804e,50414267,10000032,train
174413ec,50414267,10000032,train
2a2277a9,53189527,10000764,validate
e084de3b,53911762,10000898,test
`,
    "mimic-cxr-2.0.0-chexpert.csv": `subject_id,study_id,${observations}
10000032,50414267,,,,-1.0,,,,,1.0,,,,,
10000764,53189527,,1.0,,,,,,,,,,,,
`,
    "mimic-cxr-2.0.0-metadata.csv": `dicom_id,subject_id,study_id,PerformedProcedureStepDescription,ViewPosition,Rows,Columns
02aa804e,10000032,50414267,CHEST (PA AND LAT),PA,3056,2544
174413ec,10000032,50414267,CHEST (PA AND LAT),LATERAL,3056,2544
2a2277a9,10000764,53189527,CHEST (PORTABLE AP),AP,3056,2544
e084de3b,10000898,53911762,CHEST (PORTABLE AP),,3056,2544
`,
  };
  const images = [
    "files/p10/p10000032/s50414267/02aa804e.jpg",
    "files/p10/p10000032/s50414267/174413ec.jpg",
    "files/p10/p10000764/s53189527/2a2277a9.dcm",
    "files/p10/p10000898/s53911762/e084de3b.jpg",
  ];

  it.each([
    ["as they are", tables],
    [
      "gzipped",
      Object.fromEntries(
        Object.entries(tables).map(([name, text]) => [`${name}.gz`, gzipSync(text)]),
      ),
    ],
  ])("joins its tables %s by image and study", async (_, files) => {
    const dataset = await readPublicDataset("mimic-cxr", makeFolder(files, images));
    const labels = labelsOf(dataset);
    const labelOf = (sample: number, label: string) =>
      (dataset.samples[sample].target as number[])[labels.indexOf(label)];
    expect(dataset.samples.map(({ side, patient }) => [side, patient])).toEqual([
      ["train", "10000032"],
      ["train", "10000032"],
      ["validation", "10000764"],
    ]);
    expect([labelOf(1, "No Finding"), labelOf(1, "Edema"), labelOf(2, "Cardiomegaly")]).toEqual([
      1,
      Number.NaN,
      1,
    ]);
    expect(dataset.columns[1].values).toEqual(["PA", "LATERAL", "AP"]);
    expect(dataset.problems).toMatchObject([{ kind: "without-label", count: 1 }]);
  });
});

describe("RSNA Pneumonia", () => {
  const folder = () =>
    makeFolder(
      {
        "stage_2_train_labels.csv": `patientId,x,y,width,height,Target
0004cfab,,,,,0
00436515,264.0,152.0,213.0,379.0,1
00436515,562.0,152.0,256.0,453.0,1
`,
        "stage_2_detailed_class_info.csv": `patientId,class
0004cfab,No Lung Opacity / Not Normal
00436515,Lung Opacity
00436515,Lung Opacity
`,
      },
      ["stage_2_train_images/0004cfab.dcm", "stage_2_train_images/00436515.dcm"],
    );

  it("has one sample a film, however many boxes", async () => {
    const dataset = await readPublicDataset("rsna-pneumonia", folder());
    expect(dataset.samples.map(({ target, patient }) => [target, patient])).toEqual([
      [1, "0004cfab"],
      [2, "00436515"],
    ]);
    expect(dataset.problems).toMatchObject([{ kind: "empty-class", subjects: ["Normal"] }]);
  });

  it("has boxes, and films in which none was drawn", async () => {
    const { cases } = await readPublicCases("rsna-pneumonia", folder());
    expect(cases.map(({ marks, marked }) => [marks.length, marked])).toEqual([
      [0, true],
      [2, true],
    ]);
    expect(cases[1].marks[0]).toMatchObject({ box: [264, 152, 477, 531] });
  });
});

describe("VinDr-CXR", () => {
  const train = `image_id,rad_id,class_name,x_min,y_min,x_max,y_max
a1,R1,Cardiomegaly,691,1375,1653,1831
a1,R2,Cardiomegaly,690,1370,1650,1830
a1,R3,No finding,,,,
a2,R4,Nodule/Mass,1,2,3,4
a2,R5,No finding,,,,
a2,R6,No finding,,,,
`;
  const test = `image_id,class_name,x_min,y_min,x_max,y_max
b1,Nodule/Mass,5,6,7,8
b2,No finding,,,,
`;
  const images = ["train/a1.dicom", "train/a2.dicom", "test/b1.dicom", "test/b2.dicom"];
  const tables = {
    "annotations/annotations_train.csv": train,
    "annotations/annotations_test.csv": test,
  };

  it.each([
    ["any", [1, 1]],
    ["majority", [1, 0]],
  ])("labels what %s of the readers saw", async (agreement, expected) => {
    const dataset = await readPublicDataset("vindr-cxr", makeFolder(tables, images), { agreement });
    expect(dataset.target).toMatchObject({ labels: ["Cardiomegaly", "Nodule/Mass"] });
    const [a1, a2, b1, b2] = dataset.samples.map(({ target }) => target as number[]);
    expect([a1[0], a2[1]]).toEqual(expected);
    expect([b1, b2]).toEqual([
      [0, 1],
      [0, 0],
    ]);
    expect(dataset.samples.map(({ side }) => side)).toEqual(["train", "train", "test", "test"]);
  });

  it("has the diagnoses too where their table is there", async () => {
    const labels = {
      ...tables,
      "annotations/image_labels_train.csv": `image_id,rad_id,Cardiomegaly,Nodule/Mass,Pneumonia,Other diseases,No finding
a1,R1,1,0,1,0,0
a1,R2,1,0,1,0,0
a1,R3,0,0,0,0,1
a2,R4,0,1,0,1,0
a2,R5,0,0,0,0,1
a2,R6,0,0,0,0,1
`,
      "annotations/image_labels_test.csv": `image_id,Cardiomegaly,Nodule/Mass,Pneumonia,Other disease,No finding
b1,0,1,1,0,0
b2,0,0,0,1,0
`,
    };
    const options = { agreement: "majority" };
    const dataset = await readPublicDataset("vindr-cxr", makeFolder(labels, images), options);
    expect(dataset.target).toMatchObject({
      labels: ["Cardiomegaly", "Nodule/Mass", "Other disease", "Pneumonia"],
    });
    expect(dataset.samples.map(({ target }) => target)).toEqual([
      [1, 0, 0, 1],
      [0, 0, 0, 0],
      [0, 1, 0, 1],
      [0, 0, 1, 0],
    ]);
  });

  it("keeps the boxes of every reader, and reads Kaggle's edition", async () => {
    const kaggle = makeFolder({ "train.csv": train }, ["train/a1.dicom", "train/a2.dicom"]);
    const { cases, findings } = await readPublicCases("vindr-cxr", kaggle);
    expect(findings).toEqual(["Cardiomegaly", "Nodule/Mass"]);
    expect(cases[0].marks).toEqual([
      { kind: "box", finding: "Cardiomegaly", reader: "R1", box: [691, 1375, 1653, 1831] },
      { kind: "box", finding: "Cardiomegaly", reader: "R2", box: [690, 1370, 1650, 1830] },
    ]);
    expect(cases[1].marks).toHaveLength(1);
  });
});
