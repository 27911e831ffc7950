import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { memorySource } from "../../../../src/base/index.ts";
import {
  dicomUid,
  listDicom,
  listedEntries,
  makeDataSet,
  type PlainDataSet,
  readVolume,
  suvFactor,
  ultrasoundRegions,
  writeDicom,
} from "../../../../src/formats/index.ts";

const uid = (purpose: string, sample = 0) => dicomUid({ seed: 1, purpose, sample });

/** What every object here says. */
const common: PlainDataSet = {
  PatientID: "Q1",
  StudyInstanceUID: uid("study"),
  SeriesInstanceUID: uid("series"),
  SOPInstanceUID: uid("instance"),
  FrameOfReferenceUID: uid("frame"),
  SamplesPerPixel: 1,
  PhotometricInterpretation: "MONOCHROME2",
  Rows: 2,
  Columns: 2,
  PixelSpacing: [3, 2],
  ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
  ImagePositionPatient: [-10, 20, 5],
  PixelRepresentation: 0,
};

const bits = (count: 16 | 32) => ({ BitsAllocated: count, BitsStored: count, HighBit: count - 1 });

async function load(values: PlainDataSet, options = {}) {
  const source = memorySource(
    Buffer.concat(writeDicom(makeDataSet({ ...common, ...values }))),
    "q",
  );
  const [entry] = listedEntries(await listDicom(source));
  if (entry?.kind !== "volume") throw new Error("a volume was written");
  return readVolume(entry, options);
}

describe("RT dose", () => {
  const dose: PlainDataSet = {
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.481.2",
    Modality: "RTDOSE",
    NumberOfFrames: 3,
    FrameIncrementPointer: 0x3004000c,
    GridFrameOffsetVector: [0, 2.5, 5],
    DoseUnits: "GY",
    DoseGridScaling: 0.0005,
    ...bits(32),
    PixelData: Uint32Array.from({ length: 12 }, (_, at) => at * 100_000),
  };

  it("is in Gy on the grid of its frames", async () => {
    const { image } = await load(dose);
    expect(image.unit).toBe("Gy");
    expect(image.geometry.spacing).toEqual([2, 3, 2.5]);
    expect(image.geometry.origin).toEqual([-10, 20, 5]);
    expect(Math.max(...image.data.map((gray, at) => Math.abs(gray - at * 50)))).toBeLessThan(1e-9);
  });

  it("without a scale is no dose", async () => {
    await expect(load({ ...dose, DoseGridScaling: undefined })).rejects.toThrow(
      /no scale.*3004,000E/,
    );
  });

  it("relative to something has no unit", async () => {
    const { image } = await load({ ...dose, DoseUnits: "RELATIVE" });
    expect(image.unit).toBeUndefined();
  });
});

/** Injected at 9:00 with 400 MBq of F-18 into 80 kg, scanned from 10:00. */
const pet: PlainDataSet = {
  SOPClassUID: "1.2.840.10008.5.1.4.1.1.128",
  Modality: "PT",
  SeriesDate: "20260102",
  SeriesTime: "100000",
  AcquisitionDate: "20260102",
  AcquisitionTime: "100500",
  PatientWeight: 80,
  Units: "BQML",
  DecayCorrection: "START",
  SliceThickness: 3,
  RescaleSlope: 2,
  RescaleIntercept: 0,
  ...bits(16),
  PixelData: Uint16Array.of(0, 1000, 2000, 4000),
};
const drug: PlainDataSet = {
  RadionuclideTotalDose: 400e6,
  RadionuclideHalfLife: 6586.2,
  RadiopharmaceuticalStartTime: "090000",
};
const withDrug = (changes: PlainDataSet = {}, changedDrug: PlainDataSet = {}) => ({
  ...pet,
  ...changes,
  RadiopharmaceuticalInformationSequence: [{ ...drug, ...changedDrug }],
});

/** By hand: 80 000 g / (400e6 Bq · 2^(-3600 / 6586.2)) = 2.9211e-4 g/Bq. */
const AN_HOUR_LATER = 80_000 / (400e6 * 2 ** (-3600 / 6586.2));

describe("Standardised uptake values", () => {
  it("are activity by the dose that is left in each gram of the body", async () => {
    expect(AN_HOUR_LATER).toBeCloseTo(2.9211e-4, 7);
    const { image } = await load(withDrug(), { pet: "suvbw" });
    expect(image.unit).toBe("SUVbw");
    [0, 2000, 4000, 8000].forEach((activity, at) => {
      expect(image.data[at]).toBeCloseTo(activity * AN_HOUR_LATER, 5);
    });
    expect((await load(withDrug())).image.unit).toBe("Bq/mL");
  });

  it.each<[string, PlainDataSet, PlainDataSet, number]>([
    ["of a dose corrected to the injection", { DecayCorrection: "ADMIN" }, {}, 80_000 / 400e6],
    ["in g/mL already", { Units: "GML" }, {}, 1],
    [
      "of a series that was made anew after the scan",
      { SeriesTime: "153000", AcquisitionTime: "100000" },
      {},
      AN_HOUR_LATER,
    ],
    [
      "injected before midnight",
      { SeriesTime: "003000", AcquisitionTime: "003000" },
      { RadiopharmaceuticalStartTime: "233000" },
      AN_HOUR_LATER,
    ],
    [
      "with a date and time of injection",
      {},
      {
        RadiopharmaceuticalStartDateTime: "20260102090000.00",
        RadiopharmaceuticalStartTime: "010000",
      },
      AN_HOUR_LATER,
    ],
  ])("%s", (_, changes, changedDrug, factor) => {
    expect(suvFactor(makeDataSet(withDrug(changes, changedDrug)))).toBeCloseTo(factor, 12);
  });

  it.each<[string, PlainDataSet, RegExp]>([
    ["weight", withDrug({ PatientWeight: undefined }), /Patient Weight \(0010,1030\)/],
    ["dose", withDrug({}, { RadionuclideTotalDose: undefined }), /Total Dose \(0018,1074\)/],
    ["half-life", withDrug({}, { RadionuclideHalfLife: 0 }), /Half Life/],
    ["time of injection", withDrug({}, { RadiopharmaceuticalStartTime: undefined }), /Start Time/],
    ["radiopharmaceutical", pet, /0054,0016/],
    ["units that lead to it", withDrug({ Units: "PROPCNTS" }), /Units.*found PROPCNTS/],
    ["decay correction", withDrug({ DecayCorrection: "NONE" }), /Decay Correction.*found NONE/],
  ])("need the %s", (_, values, message) => {
    expect(() => suvFactor(makeDataSet(values))).toThrow(message);
  });
});

describe("A parametric map", () => {
  it("has the values and unit of its real-world mapping", async () => {
    const { image } = await load({
      SOPClassUID: "1.2.840.10008.5.1.4.1.1.30",
      Modality: "MR",
      SliceThickness: 3,
      ...bits(16),
      PixelData: Uint16Array.of(0, 100, 200, 300),
      RealWorldValueMappingSequence: [
        {
          RealWorldValueFirstValueMapped: 0,
          RealWorldValueLastValueMapped: 4095,
          RealWorldValueIntercept: 0.5,
          RealWorldValueSlope: 0.25,
          MeasurementUnitsCodeSequence: [
            { CodeValue: "um2/s", CodingSchemeDesignator: "UCUM", CodeMeaning: "um2/s" },
          ],
        },
      ],
    });
    expect([...image.data]).toEqual([0.5, 25.5, 50.5, 75.5]);
    expect(image.unit).toBe("um2/s");
  });

  const mapped = (mapping: PlainDataSet) =>
    load({
      SOPClassUID: "1.2.840.10008.5.1.4.1.1.30",
      Modality: "MR",
      SliceThickness: 3,
      ...bits(16),
      PixelData: Uint16Array.of(9, 10, 12, 13),
      RealWorldValueMappingSequence: [mapping],
    });

  it("has the values of its table, and none where that has no entry", async () => {
    const { image } = await mapped({
      RealWorldValueFirstValueMapped: 10,
      RealWorldValueLastValueMapped: 12,
      RealWorldValueLUTData: [0.25, -1e9, 3.5],
    });
    expect(image.data).toEqual(Float64Array.of(Number.NaN, 0.25, 3.5, Number.NaN));
  });

  it("is refused where its table does not fill the range that it maps", async () => {
    const short = { RealWorldValueFirstValueMapped: 10, RealWorldValueLastValueMapped: 20 };
    const reading = mapped({ ...short, RealWorldValueLUTData: [1, 2, 3] });
    await expect(reading).rejects.toThrow(/3 entries for 10 to 20/);
  });
});

describe("Ultrasound regions", () => {
  it("say what each part of a frame measures", () => {
    const header = makeDataSet({
      SequenceOfUltrasoundRegions: [
        {
          RegionSpatialFormat: 1,
          RegionDataType: 1,
          RegionFlags: 0,
          RegionLocationMinX0: 10,
          RegionLocationMinY0: 20,
          RegionLocationMaxX1: 109,
          RegionLocationMaxY1: 219,
          PhysicalUnitsXDirection: 3,
          PhysicalUnitsYDirection: 3,
          PhysicalDeltaX: 0.02,
          PhysicalDeltaY: 0.025,
        },
        {
          RegionSpatialFormat: 3,
          RegionDataType: 3,
          RegionFlags: 0,
          RegionLocationMinX0: 0,
          RegionLocationMinY0: 300,
          RegionLocationMaxX1: 500,
          RegionLocationMaxY1: 400,
          PhysicalUnitsXDirection: 4,
          PhysicalUnitsYDirection: 7,
          PhysicalDeltaX: 0.005,
          PhysicalDeltaY: -0.5,
        },
      ],
    });
    const [tissue, doppler] = ultrasoundRegions(header);
    expect(tissue).toEqual({
      x0: 10,
      y0: 20,
      x1: 109,
      y1: 219,
      spatialFormat: "2D",
      dataType: "tissue",
      deltaX: 0.02,
      deltaY: 0.025,
      unitX: "cm",
      unitY: "cm",
    });
    expect(doppler).toMatchObject({
      spatialFormat: "spectral",
      dataType: "PW spectral Doppler",
      unitX: "s",
      unitY: "cm/s",
    });
  });
});

const dose = join("../shared/data/dicom/pydicom/test_files/rtdose.dcm");

describe.skipIf(!existsSync(dose))("Real dose (skipped without ../shared/data)", () => {
  it("is what pydicom's stored values give with the scaling", async () => {
    const [entry] = listedEntries(await listDicom(dose));
    if (entry.kind !== "volume") throw new Error("dose is a volume");
    const { image } = await readVolume(entry);
    expect(image.geometry.size).toEqual([10, 10, 15]);
    // Its doses are relative, so that no unit is right.
    expect(image.unit).toBeUndefined();
    const most = (image.data as Float64Array).reduce((one, other) => Math.max(one, other), 0);
    expect(most).toBeCloseTo(1.254, 9);
    expect(image.data[7 * 100 + 54]).toBeCloseTo(0.976, 9);
  });
});
