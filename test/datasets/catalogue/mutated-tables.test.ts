// Tables of data sets that were damaged: readers read on or say what is wrong, and never fail in any other way.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RoentgenError } from "../../../src/base/index.ts";
import { readPublicCases, readPublicDataset } from "../../../src/datasets/index.ts";
import { makeFolder } from "./generated-folder.ts";

const labels =
  "No Finding,Enlarged Cardiomediastinum,Cardiomegaly,Lung Opacity,Lung Lesion,Edema,Consolidation,Pneumonia,Atelectasis,Pneumothorax,Pleural Effusion,Pleural Other,Fracture,Support Devices";

/** Name in the catalogue, reader, tables, images. */
const fixtures: [string, "images" | "cases", Record<string, string>, string[]][] = [
  [
    "chest-x-ray14",
    "cases",
    {
      "Data_Entry_2017.csv":
        "Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position\na.png,Mass|Nodule,0,1,058Y,M,PA\nb.png,No Finding,1,1,058Y,M,PA\n",
      "BBox_List_2017.csv":
        "Image Index,Finding Label,Bbox [x,y,w,h],,,\na.png,Mass,225.5,547,86.5,79,,,\nb.png,Mass,1,2,3,4,,,\n",
      "test_list.txt": "a.png\n",
    },
    ["images/a.png", "images/b.png"],
  ],
  [
    "chexpert",
    "images",
    {
      "train.csv": `Path,Sex,Age,Frontal/Lateral,AP/PA,${labels}\nx/train/p1/s1/v1.jpg,Female,68,Frontal,AP,,,1.0,-1.0,,,0.0,,,,,,,\nx/train/p1/s1/v2.jpg,Male,68,Frontal,AP,,,1.0,-1.0,,,0.0,,,,,,,\n`,
    },
    ["train/p1/s1/v1.jpg", "train/p1/s1/v2.jpg"],
  ],
  [
    "mimic-cxr",
    "images",
    {
      "mimic-cxr-2.0.0-split.csv":
        "dicom_id,study_id,subject_id,split\nd1,501,10000032,train\nd2,502,10000033,test\n",
      "mimic-cxr-2.0.0-chexpert.csv": `subject_id,study_id,${labels}\n10000032,501,,,1.0,,,,,,,,,,,\n10000033,502,1.0,,,,,,,,,,,,,\n`,
      "mimic-cxr-2.0.0-metadata.csv": "dicom_id,ViewPosition\nd1,PA\nd2,AP\n",
    },
    ["p10000032/s501/d1.jpg", "p10000033/s502/d2.jpg"],
  ],
  [
    "rsna-pneumonia",
    "cases",
    { "stage_2_train_labels.csv": "patientId,x,y,width,height,Target\na,,,,,0\nb,1,2,3,4,1\n" },
    ["a.dcm", "b.dcm"],
  ],
  [
    "vindr-cxr",
    "images",
    {
      "train.csv":
        "image_id,class_name,class_id,rad_id,x_min,y_min,x_max,y_max\na,No finding,14,R1,,,,\nb,Mass,1,R2,1,2,3,4\n",
    },
    ["train/a.dicom", "train/b.dicom"],
  ],
  [
    "luna16",
    "cases",
    { "annotations.csv": "seriesuid,coordX,coordY,coordZ,diameter_mm\na,-1.5,2,3,4\n" },
    ["subset0/a.mhd"],
  ],
  [
    "oasis-1",
    "images",
    { "oasis_cross-sectional.csv": "ID,M/F,Age,CDR\nA_MR1,F,74,0\nB_MR1,M,75,0.5\n" },
    ["A_MR1_mpr_n4_anon_111_t88_masked_gfc.hdr", "B_MR1_mpr_n4_anon_111_t88_masked_gfc.hdr"],
  ],
  [
    "adni",
    "images",
    {
      "c.csv":
        '"Image Data ID","Subject","Group","Sex","Age","Visit","Description"\n"I1","002_S_0413","CN","F","76","sc","MPRAGE"\n"I2","002_S_0414","AD","F","76","sc","MPRAGE"\n',
    },
    ["a/I1/a.nii", "a/I2/b.nii"],
  ],
  [
    "ham10000",
    "images",
    {
      "HAM10000_metadata.csv":
        "lesion_id,image_id,dx,dx_type,age,sex,localization\nH1,I1,bkl,histo,80.0,male,scalp\nH2,I2,nv,histo,80.0,male,scalp\n",
    },
    ["I1.jpg", "I2.jpg"],
  ],
  [
    "isic-2019",
    "images",
    {
      "ISIC_2019_Training_GroundTruth.csv":
        "image,MEL,NV,BCC,AK,BKL,DF,VASC,SCC,UNK\nI1,1.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0\n",
    },
    ["I1.jpg"],
  ],
  [
    "tcia",
    "cases",
    {
      "metadata.csv":
        "Series UID,Collection,Subject ID,Study Description,Series Description,Manufacturer,Modality,File Location\n1.2,C,S,D,E,GE,CT,./C/S/1\n",
    },
    ["C/S/1/1.dcm"],
  ],
  [
    "kits",
    "cases",
    { "kits23.json": '[{"case_id":"case_00000","age_at_nephrectomy":49,"gender":"male"}]' },
    ["case_00000/imaging.nii.gz"],
  ],
  [
    "msd-heart",
    "cases",
    {
      "dataset.json":
        '{"modality":{"0":"MRI"},"labels":{"0":"background","1":"left atrium"},"training":[{"image":"./imagesTr/la_007.nii.gz","label":"./labelsTr/la_007.nii.gz"}],"test":["./imagesTs/la_001.nii.gz"]}',
    },
    ["imagesTr/la_007.nii.gz", "labelsTr/la_007.nii.gz"],
  ],
];

/** Where, how much is taken out, and what is put there. */
const damage = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  taken: fc.nat({ max: 12 }),
  put: fc.constantFrom("", ",", '"', "\n", "\0", "NaN", "-1", "é", "[", ",,"),
});

function damaged(text: string, { at, taken, put }: { at: number; taken: number; put: string }) {
  const start = Math.floor(at * text.length);
  return text.slice(0, start) + put + text.slice(start + taken);
}

describe("a damaged table", () => {
  it.each(fixtures)("of %s is read or refused in words", async (name, kind, tables, images) => {
    const read = kind === "images" ? readPublicDataset : readPublicCases;
    await read(name, makeFolder(tables, images));
    const table = fc.constantFrom(...Object.keys(tables));
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.array(damage, { minLength: 1, maxLength: 3 }),
        async (which, all) => {
          const text = all.reduce(damaged, tables[which]);
          const error = await read(name, makeFolder({ ...tables, [which]: text }, images)).catch(
            (cause) => cause,
          );
          if (error instanceof Error) expect(error).toBeInstanceOf(RoentgenError);
        },
      ),
      { numRuns: 40 },
    );
  });
});
