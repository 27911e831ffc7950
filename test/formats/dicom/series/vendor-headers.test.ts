import { describe, expect, it } from "vitest";
import type { ByteSource, Triple } from "../../../../src/base/index.ts";
import type { PlainDataSet } from "../../../../src/formats/dicom/data-set/make-data-set.ts";
import { makeDataSet } from "../../../../src/formats/dicom/data-set/make-data-set.ts";
import {
  csaImageHeader,
  csaNumbers,
  parseCsa,
} from "../../../../src/formats/dicom/series/csa-header.ts";
import { diffusionOf } from "../../../../src/formats/dicom/series/diffusion.ts";
import { gradientTable } from "../../../../src/formats/dicom/series/gradient-table.ts";
import {
  type DicomVolume,
  listDicom,
  listedEntries,
  readVolume,
} from "../../../../src/formats/index.ts";
import { AXIAL, SAGITTAL, slice } from "./synthetic-series.ts";

/** A CSA header of version 2 ("SV10") or 1, as Siemens writes them. */
function csaBytes(
  values: Readonly<Record<string, readonly string[]>>,
  version: 1 | 2 = 2,
): Uint8Array {
  const bytes: number[] = [];
  const int = (value: number) =>
    bytes.push(value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >> 24) & 255);
  const ascii = (value: string, length: number) => {
    for (let at = 0; at < length; at++) bytes.push(value.charCodeAt(at) || 0);
  };
  if (version === 2) for (const value of [0x30315653, 0x01020304]) int(value);
  const names = Object.keys(values);
  int(names.length);
  int(77);
  for (const name of names) {
    ascii(name, 64);
    int(values[name].length);
    ascii("DS", 4);
    int(3);
    int(values[name].length);
    int(77);
    for (const value of values[name]) {
      const count = values[names[0]].length;
      for (const head of version === 2
        ? [value.length, value.length, 77, value.length]
        : [value.length + count, 0, 0, 0])
        int(head);
      ascii(value, value.length + ((4 - (value.length % 4)) % 4));
    }
  }
  return Uint8Array.from(bytes);
}

const creator = (value: string) => ({ vr: "LO", value });

describe("Siemens' CSA header", () => {
  const values = { B_value: ["1000"], SliceNormalVector: ["0", "-0.5", "0.866"], Empty: [] };

  it.each([1, 2] as const)("of version %s gives its named values", (version) => {
    const header = parseCsa(csaBytes(values, version));
    expect(csaNumbers(header, "SliceNormalVector")).toEqual([0, -0.5, 0.866]);
    expect(csaNumbers(header, "Empty")).toEqual([]);
    expect(csaNumbers(header, "Nothing")).toEqual([]);
  });

  it("that is cut anywhere, or is something else, gives what can be read", () => {
    const whole = csaBytes(values);
    for (let length = 0; length < whole.length; length++) {
      expect(() => parseCsa(whole.subarray(0, length))).not.toThrow();
    }
    expect(parseCsa(new Uint8Array(200).fill(255))).toBeUndefined();
  });

  it("is found in whichever block its creator reserved", () => {
    const dataSet = makeDataSet({
      "2686994": creator("SIEMENS CSA HEADER"),
      "2691600": { vr: "OB", value: csaBytes(values) },
    });
    expect(csaNumbers(csaImageHeader(dataSet), "B_value")).toEqual([1000]);
  });
});

/** (0029,0010) and (0029,1010). */
const csa = (values: Parameters<typeof csaBytes>[0]): PlainDataSet => ({
  "2686992": creator("SIEMENS CSA HEADER"),
  "2691088": { vr: "OB", value: csaBytes(values) },
});

describe("A Siemens mosaic", () => {
  /** Three tiles of 2 × 2 pixels in a mosaic of 4 × 4: tile t holds 10 · t to 10 · t + 3. */
  const pixels = Uint16Array.of(0, 1, 10, 11, 2, 3, 12, 13, 20, 21, 0, 0, 22, 23, 0, 0);
  const mosaic = (normal: Triple, more: PlainDataSet = {}): ByteSource =>
    slice({
      ...{
        position: [-8, -8, 5],
        value: 0,
        Rows: 4,
        Columns: 4,
        PixelSpacing: [4, 4],
        SpacingBetweenSlices: 6,
      },
      ...{
        ImageType: ["ORIGINAL", "PRIMARY", "M", "MOSAIC"],
        PixelData: pixels,
        ImageOrientationPatient: AXIAL,
      },
      ...csa({
        NumberOfImagesInMosaic: ["3"],
        SliceNormalVector: normal.map(String),
        MosaicRefAcqTimes: ["0", "1000", "500"],
      }),
      ...{ RepetitionTime: 2000, ...more },
    });

  it("becomes a volume with its tiles as slices, about the mosaic's centre", async () => {
    const [volume] = listedEntries(await listDicom(mosaic([0, 0, 1]))) as DicomVolume[];
    // The mosaic's corner is moved by half of what it is larger than a tile: 2 pixels of 4 mm · ½.
    expect(volume.geometry).toMatchObject({
      size: [2, 2, 3],
      spacing: [4, 4, 6],
      origin: [-4, -4, 5],
    });
    const { image, acquisition } = await readVolume(volume);
    expect([...image.data]).toEqual([0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23]);
    expect(acquisition.SliceTiming).toEqual([0, 1, 0.5]);
  });

  it("whose slices run against row × column is turned, with its slice times", async () => {
    const [volume] = listedEntries(await listDicom(mosaic([0, 0, -1]))) as DicomVolume[];
    expect(volume.geometry?.origin).toEqual([-4, -4, -7]);
    const { image, acquisition } = await readVolume(volume);
    expect([...image.data]).toEqual([20, 21, 22, 23, 10, 11, 12, 13, 0, 1, 2, 3]);
    expect(acquisition.SliceTiming).toEqual([0.5, 1, 0]);
  });

  it("follows another in time", async () => {
    const run = ["101500", "101502"].map((AcquisitionTime) =>
      mosaic([0, 0, 1], { AcquisitionTime }),
    );
    const [volume, ...others] = listedEntries(await listDicom(run)) as DicomVolume[];
    expect(others).toEqual([]);
    expect(volume.channels).toEqual([{ name: "time", size: 2, values: [0, 2], unit: "s" }]);
    expect((await readVolume(volume)).image.data).toHaveLength(24);
  });

  it("with a count of tiles that is damaged is no volume of millions", async () => {
    const damaged = mosaic([0, 0, 1], csa({ NumberOfImagesInMosaic: ["4000000000"] }));
    const [volume] = listedEntries(await listDicom(damaged));
    expect(volume.size).toEqual([4, 4, 1]);
  });
});

describe("Diffusion", () => {
  const cases: [string, PlainDataSet, object | undefined][] = [
    [
      "of Siemens' own group",
      {
        "1638416": creator("SIEMENS MR HEADER"),
        "1642508": { vr: "IS", value: 700 },
        "1642510": { vr: "FD", value: [0, 0.6, 0.8] },
      },
      { bValue: 700, gradient: [0, 0.6, 0.8] },
    ],
    [
      "of Siemens' CSA header",
      csa({ B_value: ["500"], DiffusionGradientDirection: ["1", "0", "0"] }),
      { bValue: 500, gradient: [1, 0, 0] },
    ],
    [
      "of Philips",
      {
        "536936464": creator("Philips Imaging DD 001"),
        "536940547": { vr: "FL", value: 800 },
        "537198608": creator("Philips MR Imaging DD 001"),
        ...{
          "537202864": { vr: "FL", value: 0 },
          "537202865": { vr: "FL", value: -1 },
          "537202866": { vr: "FL", value: 0 },
        },
      },
      { bValue: 800, gradient: [0, -1, 0] },
    ],
    [
      "of GE, with its mark of 10⁹ and axes of encoding",
      {
        ...{
          Manufacturer: "GE MEDICAL SYSTEMS",
          InPlanePhaseEncodingDirection: "COL",
          ImageOrientationPatient: SAGITTAL,
        },
        ...{
          "4390928": creator("GEMS_PARM_01"),
          "4395065": { vr: "IS", value: [1000001000, 8, 0, 0] },
        },
        "1638416": creator("GEMS_ACQU_01"),
        ...{
          "1642683": { vr: "DS", value: 1 },
          "1642684": { vr: "DS", value: 0 },
          "1642685": { vr: "DS", value: 0 },
        },
      },
      { bValue: 1000, gradient: [0, 1, 0] },
    ],
    ["of nothing", { Manufacturer: "Other" }, undefined],
    ["of a number that no scanner has", { DiffusionBValue: 1e30 }, undefined],
  ];

  it.each(cases)("%s is read", (_, values, expected) => {
    const dataSet = makeDataSet(values);
    expect(diffusionOf(dataSet, csaImageHeader(dataSet))).toEqual(expected);
  });

  it("gradients become FSL's along the axes of the image, the first reversed where it is right-handed", () => {
    const diffusion = [{ bValue: 0 }, { bValue: 1000, gradient: [0.6, 0.8, 0] as Triple }];
    const upright = gradientTable(diffusion, { direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] });
    expect(upright).toEqual({
      bvals: [0, 1000],
      bvecs: [
        [0, -0.6],
        [0, 0.8],
        [0, 0],
      ],
    });
    const turned = gradientTable(diffusion, { direction: [0, 1, 0, 1, 0, 0, 0, 0, 1] });
    expect(turned.bvecs).toEqual([
      [0, 0.8],
      [0, 0.6],
      [0, 0],
    ]);
  });
});
