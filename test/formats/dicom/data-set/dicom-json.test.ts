import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { memorySource } from "../../../../src/base/index.ts";
import { dicomJson } from "../../../../src/formats/dicom/data-set/dicom-json.ts";
import { loadValues } from "../../../../src/formats/dicom/data-set/load-values.ts";
import { makeDataSet } from "../../../../src/formats/dicom/data-set/make-data-set.ts";
import { readDicom } from "../../../../src/formats/dicom/data-set/read-dicom.ts";
import { sampleFiles } from "./written-sample.ts";

describe("The DICOM JSON model", () => {
  const expected = JSON.parse(
    readFileSync(join(import.meta.dirname, "expected/dicom-json.json"), "utf8"),
  ).dataSet;

  it.each(["explicit.dcm", "big-endian.dcm", "deflated.dcm"])(
    "of a file is that of pydicom: %s",
    async (name) => {
      const source = memorySource(sampleFiles()[name]);
      const dataSet = await loadValues(source, (await readDicom(source)).dataSet);
      expect(dicomJson(dataSet)).toEqual(expected);
    },
  );

  it("says where values are that were left in the file", async () => {
    const source = memorySource(sampleFiles()["explicit.dcm"]);
    const { dataSet } = await readDicom(source);
    expect(dicomJson(dataSet)["7FE00010"]).toEqual({ vr: "OW" });
    const withPlaces = dicomJson(dataSet, {
      bulkDataUri: (element) => (element.kind === "left" ? `#${element.offset}` : undefined),
    });
    expect(withPlaces["7FE00010"].BulkDataURI).toMatch(/^#\d+$/);
  });

  it("has words for numbers that JSON lacks, and null for values that are empty", () => {
    const json = dicomJson(
      makeDataSet({
        SelectorFDValue: [Number.NaN, Number.POSITIVE_INFINITY, 1],
        ImageType: ["A", "", "B"],
      }),
    );
    expect(json["00720074"].Value).toEqual(["NaN", "inf", 1]);
    expect(json["00080008"].Value).toEqual(["A", null, "B"]);
  });
});
