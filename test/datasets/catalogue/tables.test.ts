// Readers of data sets whose labels stand in tables, on folders of their layout; chest X-rays have a file of their own.

import { describe, expect, it } from "vitest";
import { readPublicCases, readPublicDataset } from "../../../src/datasets/index.ts";
import { makeFolder } from "./generated-folder.ts";

describe("CBIS-DDSM", () => {
  const mass = `patient_id,breast_density,left or right breast,image view,abnormality id,abnormality type,mass shape,mass margins,assessment,pathology,subtlety,image file path,cropped image file path,ROI mask file path
P_00001,3,LEFT,CC,1,mass,IRREGULAR,SPICULATED,4,MALIGNANT,4,Mass-Training_P_00001_LEFT_CC/1.3.6/2.3/000000.dcm,Mass-Training_P_00001_LEFT_CC_1/1.3/2.4/000000.dcm,"Mass-Training_P_00001_LEFT_CC_1/1.3/2.4/000001.dcm
"
P_00001,3,LEFT,CC,2,mass,OVAL,CIRCUMSCRIBED,2,BENIGN,5,Mass-Training_P_00001_LEFT_CC/1.3.6/2.3/000000.dcm,Mass-Training_P_00001_LEFT_CC_2/1.3/2.5/000000.dcm,Mass-Training_P_00001_LEFT_CC_2/1.3/2.5/000001.dcm
`;
  const heading =
    "patient_id,breast density,left or right breast,image view,abnormality id,abnormality type,calc type,calc distribution,assessment,pathology,subtlety,image file path,cropped image file path,ROI mask file path";
  const calc = `${heading}
P_00038,2,RIGHT,MLO,1,calcification,PUNCTATE,CLUSTERED,2,BENIGN_WITHOUT_CALLBACK,2,Calc-Test_P_00038_RIGHT_MLO/1.3/2.6/000000.dcm,Calc-Test_P_00038_RIGHT_MLO_1/1.3/2.7/000000.dcm,Calc-Test_P_00038_RIGHT_MLO_1/1.3/2.7/000001.dcm
`;
  const root = () =>
    makeFolder({
      "mass_case_description_train_set.csv": mass,
      "mass_case_description_test_set.csv": mass
        .replaceAll("Training", "Test")
        .replaceAll("P_00001", "P_00002"),
      "calc_case_description_train_set.csv": calc.replaceAll("Test", "Training"),
      "calc_case_description_test_set.csv": calc,
      "CBIS-DDSM/Mass-Training_P_00001_LEFT_CC/study/series/1-1.dcm": "mammogram",
      "CBIS-DDSM/Mass-Training_P_00001_LEFT_CC_1/study/series/1-1.dcm": "crop",
      "CBIS-DDSM/Mass-Training_P_00001_LEFT_CC_1/study/series/1-2.dcm": "the mask",
      "CBIS-DDSM/Mass-Training_P_00001_LEFT_CC_2/study/series/1-1.dcm": "the mask",
      "CBIS-DDSM/Mass-Training_P_00001_LEFT_CC_2/study/series/1-2.dcm": "crop",
      "CBIS-DDSM/Calc-Test_P_00038_RIGHT_MLO/study/series/1-1.dcm": "mammogram",
      "CBIS-DDSM/Calc-Test_P_00038_RIGHT_MLO_1/study/series/1-1.dcm": "the mask",
    });

  it("is read by mammogram, malignant where one finding is", async () => {
    const dataset = await readPublicDataset("cbis-ddsm", root());
    expect(dataset.samples.map(({ target, patient, side }) => [target, patient, side])).toEqual([
      [1, "P_00001", "train"],
      [0, "P_00038", "test"],
    ]);
    expect(dataset.columns.map(({ name }) => name)).toEqual([
      "breast",
      "view",
      "density",
      "abnormality",
    ]);
    expect(dataset.columns[2].values).toEqual(["3", "2"]);
    expect(dataset.problems).toMatchObject([{ kind: "without-file", count: 2 }]);
  });

  it("takes the larger file of a finding for its mask", async () => {
    const { cases } = await readPublicCases("cbis-ddsm", root(), { abnormality: "mass" });
    expect(cases).toHaveLength(1);
    expect(
      cases[0].masks.map(({ path, structure }) => [
        path.split("/").slice(-4)[0],
        path.at(-5),
        structure,
      ]),
    ).toEqual([
      ["Mass-Training_P_00001_LEFT_CC_1", "2", "mass"],
      ["Mass-Training_P_00001_LEFT_CC_2", "1", "mass"],
    ]);
  });
});

describe("OASIS-1", () => {
  const table = `ID,M/F,Hand,Age,Educ,SES,MMSE,CDR,eTIV,nWBV,ASF,Delay
OAS1_0001_MR1,F,R,74,2,3,29,0,1344,0.743,1.306,N/A
OAS1_0003_MR1,F,R,73,4,3,27,0.5,1454,0.708,1.207,N/A
OAS1_0004_MR1,M,R,28,,,,,1588,0.803,1.105,N/A
OAS1_0308_MR1,F,R,78,3,3,15,2,1401,0.703,1.253,N/A
OAS1_0308_MR2,F,R,78,3,3,15,2,1401,0.703,1.253,40
`;
  const scan = (id: string, count: number, kind = "masked_gfc") =>
    `disc1/${id}/PROCESSED/MPRAGE/T88_111/${id}_mpr_n${count}_anon_111_t88_${kind}.hdr`;
  const root = () =>
    makeFolder({ "oasis_cross-sectional.csv": table }, [
      scan("OAS1_0001_MR1", 4),
      scan("OAS1_0001_MR1", 4, "gfc"),
      scan("OAS1_0003_MR1", 3),
      scan("OAS1_0004_MR1", 4),
      scan("OAS1_0308_MR1", 4),
      scan("OAS1_0308_MR2", 4),
    ]);

  it.each([
    ["dementia", [0, 1, 1, 1]],
    ["rating", [0, 1, 3, 3]],
    ["age", [74, 73, 28, 78, 78]],
  ])("learns %s", async (target, expected) => {
    const dataset = await readPublicDataset("oasis-1", root(), { target });
    expect(dataset.samples.map((sample) => sample.target)).toEqual(expected);
    expect(dataset.samples.slice(-2).map(({ patient }) => patient)).toEqual([
      "OAS1_0308",
      "OAS1_0308",
    ]);
    const unlabelled = dataset.problems.filter(({ kind }) => kind === "without-label");
    expect(unlabelled.map(({ subjects }) => subjects)).toEqual(
      target === "age" ? [] : [["OAS1_0004_MR1"]],
    );
  });

  it("has the head where asked", async () => {
    const dataset = await readPublicDataset("oasis-1", root(), { image: "head" });
    expect(dataset.samples.map(({ name }) => name)).toEqual([scan("OAS1_0001_MR1", 4, "gfc")]);
  });
});

describe("ADNI", () => {
  const table = `"Image Data ID","Subject","Group","Sex","Age","Visit","Modality","Description","Type","Acq Date","Format","Downloaded"
"I45117","002_S_0413","CN","F","76","sc","MRI","MPRAGE","Original","5/19/2006","DCM","1/01/2020"
"I64551","002_S_0619","AD","M","77","sc","MRI","MPRAGE","Original","6/01/2006","NiFTI","1/01/2020"
"40657","002_S_0729","LMCI","F","65","sc","MRI","MPRAGE","Original","7/17/2006","NiFTI","1/01/2020"
"I99999","002_S_0730","MCI","F","65","m06","MRI","MPRAGE","Original","7/17/2006","NiFTI",""
`;
  const root = () =>
    makeFolder({ "notes.csv": "a,b\n1,2\n", "MPRAGE_1_01_2020.csv": table }, [
      "ADNI/002_S_0413/MPRAGE/2006-05-19_16_17_47.0/I45117/ADNI_1.dcm",
      "ADNI/002_S_0413/MPRAGE/2006-05-19_16_17_47.0/I45117/ADNI_2.dcm",
      "ADNI/002_S_0619/MPRAGE/2006-06-01_18_45_03.0/I64551/ADNI_x.nii",
      "ADNI/002_S_0729/MPRAGE/2006-07-17_15_10_16.0/I40657/ADNI_y.nii",
    ]);

  it("is read from the collection's table, series by their folders", async () => {
    const dataset = await readPublicDataset("adni", root());
    expect(dataset.target).toMatchObject({ classes: ["CN", "MCI", "LMCI", "AD"] });
    expect(
      dataset.samples.map(({ name, target, patient }) => [name.split("/").at(-1), target, patient]),
    ).toEqual([
      ["I45117", 0, "002_S_0413"],
      ["ADNI_x.nii", 3, "002_S_0619"],
      ["ADNI_y.nii", 2, "002_S_0729"],
    ]);
    expect(dataset.problems).toMatchObject([
      { kind: "without-file", subjects: ["I99999"] },
      { kind: "empty-class", subjects: ["MCI"] },
    ]);
  });

  it("tells apart the groups that are asked for", async () => {
    const { samples, target } = await readPublicDataset("adni", root(), { groups: ["AD", "CN"] });
    expect(target).toMatchObject({ classes: ["AD", "CN"] });
    expect(samples.map((sample) => sample.target)).toEqual([1, 0]);
  });
});

it("HAM10000 is read by lesion", async () => {
  const root = makeFolder(
    {
      "HAM10000_metadata.csv": `lesion_id,image_id,dx,dx_type,age,sex,localization
HAM_0000118,ISIC_0027419,bkl,histo,80.0,male,scalp
HAM_0000118,ISIC_0025030,bkl,histo,80.0,male,scalp
HAM_0002761,ISIC_0029068,mel,histo,,female,face
`,
    },
    [
      "HAM10000_images_part_1/ISIC_0027419.jpg",
      "HAM10000_images_part_1/ISIC_0025030.jpg",
      "HAM10000_images_part_2/ISIC_0029068.jpg",
    ],
  );
  const dataset = await readPublicDataset("ham10000", root);
  expect(dataset.samples.map(({ target, patient }) => [target, patient])).toEqual([
    [2, "HAM_0000118"],
    [2, "HAM_0000118"],
    [4, "HAM_0002761"],
  ]);
  expect(dataset.columns[0].values).toEqual(Float64Array.of(80, 80, Number.NaN));
  expect(dataset.columns[2].values).toEqual(["scalp", "scalp", "face"]);
});

describe("ISIC", () => {
  it("2018 has seven classes on three sides", async () => {
    const heading = "image,MEL,NV,BCC,AKIEC,BKL,DF,VASC";
    const truth = (side: string) =>
      `ISIC2018_Task3_${side}_GroundTruth/ISIC2018_Task3_${side}_GroundTruth.csv`;
    const root = makeFolder(
      {
        [truth("Training")]: `${heading}\nISIC_0024306,0.0,1.0,0.0,0.0,0.0,0.0,0.0\n`,
        [truth("Validation")]: `${heading}\nISIC_0034321,0.0,0.0,0.0,1.0,0.0,0.0,0.0\n`,
      },
      [
        "ISIC2018_Task3_Training_Input/ISIC_0024306.jpg",
        "ISIC2018_Task3_Validation_Input/ISIC_0034321.jpg",
      ],
    );
    const { samples, target } = await readPublicDataset("isic-2018", root);
    expect(target).toMatchObject({ kind: "classes", classes: { length: 7 } });
    expect(samples.map((one) => [one.target, one.side])).toEqual([
      [1, "train"],
      [3, "validation"],
    ]);
  });

  it("2019 has eight classes, and images of none", async () => {
    const root = makeFolder(
      {
        "ISIC_2019_Training_GroundTruth.csv": `image,MEL,NV,BCC,AK,BKL,DF,VASC,SCC,UNK
ISIC_0000000,0.0,0.0,0.0,0.0,0.0,0.0,0.0,1.0,0.0
ISIC_0000001,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,1.0
`,
      },
      ["ISIC_2019_Training_Input/ISIC_0000000.jpg", "ISIC_2019_Training_Input/ISIC_0000001.jpg"],
    );
    const { samples, problems } = await readPublicDataset("isic-2019", root);
    expect(samples.map(({ target }) => target)).toEqual([7]);
    expect(problems[0]).toMatchObject({ kind: "without-label", subjects: ["ISIC_0000001"] });
  });

  it("2018 has masks of lesions by side", async () => {
    const root = makeFolder({}, [
      "ISIC2018_Task1-2_Training_Input/ISIC_0000000.jpg",
      "ISIC2018_Task1-2_Training_Input/ATTRIBUTION.txt",
      "ISIC2018_Task1_Training_GroundTruth/ISIC_0000000_segmentation.png",
      "ISIC2018_Task1-2_Test_Input/ISIC_0012236.jpg",
    ]);
    const { cases } = await readPublicCases("isic-2018-segmentation", root);
    expect(cases.map(({ name, side, masks }) => [name, side, masks.length])).toEqual([
      ["ISIC_0012236", "test", 0],
      ["ISIC_0000000", "train", 1],
    ]);
  });
});
