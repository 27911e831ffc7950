// Readers of data sets of volumes and for segmentation, on folders of their layout.

import { describe, expect, it } from "vitest";
import { rowMajorStrides } from "../../../src/base/index.ts";
import { readPublicCases, readPublicDataset } from "../../../src/datasets/index.ts";
import { writeNpz } from "../../../src/formats/index.ts";
import { makeFolder } from "./generated-folder.ts";

const nameOf = (path: string) => path.split("/").at(-1);
const namesIn = (values: Iterable<unknown>) => Array.from(values, (path) => nameOf(String(path)));

describe("LUNA16", () => {
  it("has nodules as spheres in mm, and scans without any", async () => {
    const root = makeFolder(
      {
        "annotations.csv": `seriesuid,coordX,coordY,coordZ,diameter_mm
1.3.6.100225287222365663678666836860,-128.6994211,-175.3192718,-298.3875064,5.651470635
1.3.6.100225287222365663678666836860,103.7836509,-211.9251487,-227.12125,4.224708481
`,
      },
      [
        "subset0/1.3.6.100225287222365663678666836860.mhd",
        "subset0/1.3.6.100225287222365663678666836860.raw",
        "subset9/1.3.6.2.mhd",
        "seg-lungs-LUNA16/1.3.6.2.mhd",
      ],
    );
    const { cases, columns } = await readPublicCases("luna16", root);
    expect(cases.map(({ marks, marked }) => [marks.length, marked])).toEqual([
      [2, true],
      [0, true],
    ]);
    expect(cases[0].marks[0]).toEqual({
      kind: "sphere",
      finding: "nodule",
      centre: [-128.6994211, -175.3192718, -298.3875064],
      diameterMm: 5.651470635,
    });
    expect(columns[0].values).toEqual(["subset0", "subset9"]);
  });
});

it("LIDC-IDRI has a case a scan, with the place of its annotations", async () => {
  const series = "LIDC-IDRI/LIDC-IDRI-0001/01-01-2000-30178/3000566.000000-03192";
  const images = Array.from({ length: 12 }, (_, at) => `${series}/1-${at}.dcm`);
  const root = makeFolder({}, [
    ...images,
    `${series}/069.xml`,
    "LIDC-IDRI/LIDC-IDRI-0001/01-01-2000-35511/3000923.000000-62357/1-1.dcm",
  ]);
  const { cases, columns } = await readPublicCases("lidc-idri", root);
  expect(cases).toMatchObject([
    { name: series, images: [`${root}/${series}`], patient: "LIDC-IDRI-0001", marked: false },
  ]);
  expect(columns[1].values).toEqual([`${root}/${series}/069.xml`]);
});

describe("BraTS", () => {
  it.each([
    [
      "2021",
      "BraTS2021_00000",
      "_",
      ["t1", "t1ce", "t2", "flair"],
      4,
      "BraTS2021_00000",
      ".nii.gz",
    ],
    [
      "2020",
      "BraTS20_Training_001",
      "_",
      ["t1", "t1ce", "t2", "flair"],
      4,
      "BraTS20_Training_001",
      ".nii",
    ],
    [
      "2023",
      "BraTS-GLI-00006-001",
      "-",
      ["t1n", "t1c", "t2w", "t2f"],
      3,
      "BraTS-GLI-00006",
      ".nii.gz",
    ],
  ])(
    "of %s is read in one order of channels",
    async (_, name, joint, endings, value, patient, type) => {
      const file = (ending: string) => `${name}/${name}${joint}${ending}${type}`;
      const root = makeFolder({}, [...endings, "seg"].map(file));
      const dataset = await readPublicCases("brats", root);
      expect(dataset.channels).toEqual(["T1", "T1 with contrast", "T2", "FLAIR"]);
      expect(dataset.cases[0].images.map(nameOf)).toEqual(
        endings.map((ending) => nameOf(file(ending))),
      );
      expect(dataset.cases[0].masks.map(({ path }) => nameOf(path))).toEqual([nameOf(file("seg"))]);
      expect(dataset.cases[0].patient).toBe(patient);
      expect(dataset.structures.at(-1)).toEqual({ value, name: "enhancing tumour" });
    },
  );

  it("counts cases that lack a sequence", async () => {
    const files = ["t1", "t1ce", "t2", "flair", "seg"].map(
      (one) => `a/BraTS2021_00000_${one}.nii.gz`,
    );
    const root = makeFolder({}, [...files, "b/BraTS2021_00002_t1.nii.gz"]);
    const { cases, problems } = await readPublicCases("brats", root);
    expect(cases).toHaveLength(1);
    expect(problems).toMatchObject([{ kind: "without-file", subjects: ["BraTS2021_00002"] }]);
  });
});

describe("the Medical Segmentation Decathlon", () => {
  const description = {
    name: "BRATS",
    modality: { "0": "FLAIR", "1": "T1w", "2": "t1gd", "3": "T2w" },
    labels: {
      "0": "background",
      "1": "edema",
      "2": "non-enhancing tumor",
      "3": "enhancing tumour",
    },
    training: [
      { image: "./imagesTr/BRATS_457.nii.gz", label: "./labelsTr/BRATS_457.nii.gz" },
      { image: "./imagesTr/BRATS_306.nii.gz", label: "./labelsTr/BRATS_306.nii.gz" },
    ],
    test: ["./imagesTs/BRATS_557.nii.gz"],
  };
  const table = (content: unknown) => ({
    "Task01_BrainTumour/dataset.json": JSON.stringify(content),
  });
  const files = [
    "Task01_BrainTumour/imagesTr/BRATS_457.nii.gz",
    "Task01_BrainTumour/labelsTr/BRATS_457.nii.gz",
    "Task01_BrainTumour/imagesTs/BRATS_557.nii.gz",
  ];

  it("is read as its dataset.json lists it", async () => {
    const dataset = await readPublicCases(
      "msd-brain-tumour",
      makeFolder(table(description), files),
    );
    expect(dataset.channels).toEqual(["FLAIR", "T1w", "t1gd", "T2w"]);
    expect(dataset.structures).toEqual([
      { value: 1, name: "edema" },
      { value: 2, name: "non-enhancing tumor" },
      { value: 3, name: "enhancing tumour" },
    ]);
    expect(dataset.cases.map(({ name, side, masks }) => [name, side, masks.length])).toEqual([
      ["BRATS_457", "train", 1],
      ["BRATS_557", "test", 0],
    ]);
    expect(dataset.problems).toMatchObject([{ subjects: ["BRATS_306"] }]);
  });

  it("says what is wrong with a dataset.json", async () => {
    const { labels, ...rest } = description;
    const without = readPublicCases("msd-brain-tumour", makeFolder(table(rest), files));
    await expect(without).rejects.toMatchObject({
      code: "value-invalid",
      message: expect.stringContaining("expected labels to be as published"),
    });
    const torn = { "Task01_BrainTumour/dataset.json": "{" };
    await expect(readPublicCases("msd-brain-tumour", makeFolder(torn))).rejects.toMatchObject({
      code: "file-corrupt",
    });
    expect(labels["1"]).toBe("edema");
  });
});

it("KiTS has kidneys with tumours, and what is known of the patients", async () => {
  const patients = [
    { case_id: "case_00000", age_at_nephrectomy: 49, gender: "male", malignant: true, more: 1 },
  ];
  const root = makeFolder({ "dataset/kits23.json": JSON.stringify(patients) }, [
    "dataset/case_00000/imaging.nii.gz",
    "dataset/case_00000/segmentation.nii.gz",
    "dataset/case_00000/instances/tumor_instance-1_annotation-1.nii.gz",
    "dataset/case_00210/imaging.nii.gz",
  ]);
  const { cases, columns } = await readPublicCases("kits", root);
  expect(cases.map(({ name, masks }) => [name, masks.length])).toEqual([
    ["case_00000", 1],
    ["case_00210", 0],
  ]);
  expect(columns).toMatchObject([
    { name: "age", values: Float64Array.of(49, Number.NaN) },
    { name: "sex", values: ["male", null] },
    { name: "malignant", values: ["true", null] },
  ]);
});

it("AMOS tells CT from MRI by number", async () => {
  const root = makeFolder(
    {
      "amos22/dataset.json": JSON.stringify({
        labels: { "0": "background", "1": "spleen", "10": "left kidney", "2": "right kidney" },
      }),
    },
    [
      "amos22/imagesTr/amos_0001.nii.gz",
      "amos22/labelsTr/amos_0001.nii.gz",
      "amos22/imagesVa/amos_0507.nii.gz",
      "amos22/labelsVa/amos_0507.nii.gz",
      "amos22/imagesTs/amos_0011.nii.gz",
    ],
  );
  const all = await readPublicCases("amos", root);
  expect(all.structures.map(({ value }) => value)).toEqual([1, 2, 10]);
  expect(all.columns[0].values).toEqual(["CT", "CT", "MRI"]);
  const mri = await readPublicCases("amos", root, { modality: "MRI" });
  expect(mri.cases.map(({ name, side }) => [name, side])).toEqual([["amos_0507", "validation"]]);
});

it("DRIVE has vessels by one or two readers, and the field of view", async () => {
  const root = makeFolder({}, [
    "DRIVE/training/images/21_training.tif",
    "DRIVE/training/1st_manual/21_manual1.gif",
    "DRIVE/training/mask/21_training_mask.gif",
    "DRIVE/test/images/01_test.tif",
    "DRIVE/test/1st_manual/01_manual1.gif",
    "DRIVE/test/2nd_manual/01_manual2.gif",
    "DRIVE/test/mask/01_test_mask.gif",
  ]);
  const { cases, columns } = await readPublicCases("drive", root);
  expect(
    cases.map(({ name, side, masks }) => [name, side, masks.map(({ reader }) => reader)]),
  ).toEqual([
    ["01_test", "test", ["1st", "2nd"]],
    ["21_training", "train", ["1st"]],
  ]);
  expect(namesIn(columns[0].values)).toEqual(["01_test_mask.gif", "21_training_mask.gif"]);
});

describe("a collection of TCIA", () => {
  const heading =
    "Series UID,Collection,3rd Party Analysis,Data Description URI,Subject ID,Study UID,Study Description,Study Date,Series Description,Manufacturer,Modality,SOP Class Name,SOP Class UID,Number of Images,File Size,File Location,Download Timestamp";
  const row = (uid: string, modality: string, place: string) =>
    `${uid},HNSCC,null,https://doi.org/10.7937,HNSCC-01-0001,1.2,PETCT HEAD  NECK CA,12-01-1998,CT Head,GE,${modality},CT Image Storage,1.2.840,2,117.84 MB,${place},2021-09-30T21:40:00.133`;
  const root = () =>
    makeFolder(
      {
        "manifest-1/metadata.csv": `${heading}
${row("1.1", "CT", "./HNSCC/HNSCC-01-0001/study/2.000000-CT-25068")}
${row("1.2", "RTSTRUCT", "./HNSCC/HNSCC-01-0001/study/1.000000-NA-78710")}
${row("1.3", "PT", ".\\HNSCC\\HNSCC-01-0001\\study\\4.000000-PET-04291")}
`,
      },
      [
        "manifest-1/HNSCC/HNSCC-01-0001/study/2.000000-CT-25068/1-001.dcm",
        "manifest-1/HNSCC/HNSCC-01-0001/study/2.000000-CT-25068/1-002.dcm",
        "manifest-1/HNSCC/HNSCC-01-0001/study/4.000000-PET-04291/1-1.dcm",
      ],
    );

  it("has a case a series, with slashes of either system", async () => {
    const folder = root();
    const { cases, columns, problems } = await readPublicCases("tcia", folder);
    expect(
      cases.map(({ name, patient, images }) => [name, patient, images[0].slice(folder.length)]),
    ).toEqual([
      ["1.1", "HNSCC-01-0001", "/manifest-1/HNSCC/HNSCC-01-0001/study/2.000000-CT-25068"],
      ["1.3", "HNSCC-01-0001", "/manifest-1/HNSCC/HNSCC-01-0001/study/4.000000-PET-04291"],
    ]);
    expect(columns[0].values).toEqual(["CT", "PT"]);
    expect(problems).toMatchObject([{ subjects: ["1.2"] }]);
  });

  it("gives the modalities that are asked for", async () => {
    const { cases } = await readPublicCases("tcia", root(), { modalities: ["CT"] });
    expect(cases.map(({ name }) => name)).toEqual(["1.1"]);
  });
});

describe("MedMNIST", () => {
  const array = (name: string, shape: number[], values: number[]) => ({
    name,
    tensor: {
      dtype: "uint8" as const,
      shape,
      strides: rowMajorStrides(shape),
      data: Uint8Array.from(values),
    },
  });
  const sides = ["train", "val", "test"];
  const file = (labels: (side: number) => number[], columns: number) =>
    writeNpz(
      sides.flatMap((side, at) => [
        array(
          `${side}_images`,
          [labels(at).length / columns, 2, 2],
          new Array((4 * labels(at).length) / columns).fill(at),
        ),
        array(`${side}_labels`, [labels(at).length / columns, columns], labels(at)),
      ]),
    );

  it("has classes by row of its arrays, on its own sides", async () => {
    const root = makeFolder({ "breastmnist_64.npz": await file((at) => [at % 2, 1], 1) });
    const { samples, layout } = await readPublicDataset("breastmnist", root);
    expect(layout).toBe("arrays");
    expect(samples.map(({ array, frame, target, side }) => [array, frame, target, side])).toEqual([
      ["train_images", 0, 0, "train"],
      ["train_images", 1, 1, "train"],
      ["val_images", 0, 1, "validation"],
      ["val_images", 1, 1, "validation"],
      ["test_images", 0, 0, "test"],
      ["test_images", 1, 1, "test"],
    ]);
    expect(new Set(samples.map(({ path }) => path))).toEqual(
      new Set([`${root}/breastmnist_64.npz`]),
    );
    await expect(readPublicDataset("breastmnist", root, { size: 28 })).rejects.toMatchObject({
      code: "file-not-found",
    });
  });

  it("has findings, and grades in their order", async () => {
    const findings = Array.from({ length: 14 }, (_, at) => at % 2);
    const root = makeFolder({
      "chestmnist.npz": await file(() => findings, 14),
      "retinamnist.npz": await file((at) => [at, 4], 1),
    });
    const chest = await readPublicDataset("chestmnist", root);
    expect(chest.samples.map(({ target }) => target)).toEqual([findings, findings, findings]);
    const retina = await readPublicDataset("retinamnist", root);
    expect(retina.target).toMatchObject({ kind: "classes", ordered: true });
  });

  it("refuses a file of another part", async () => {
    const root = makeFolder({ "breastmnist.npz": await file(() => new Array(14).fill(0), 14) });
    await expect(readPublicDataset("breastmnist", root)).rejects.toThrow(
      /expected 1 column, found the shape 1 × 14/,
    );
    const beyond = makeFolder({ "breastmnist.npz": await file(() => [0, 2], 1) });
    await expect(readPublicDataset("breastmnist", beyond)).rejects.toThrow(
      /expected whole numbers below 2, found 2/,
    );
  });
});
