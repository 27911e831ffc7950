import { describe, expect, it } from "vitest";
import { lookUpTag, tagOfKeyword } from "../../../../src/formats/dicom/data-set/dictionary.ts";
import { DICTIONARY_TEXT } from "../../../../src/formats/dicom/data-set/dictionary-text.ts";
import { TAGS } from "../../../../src/formats/dicom/data-set/tags.ts";
import { VALUE_REPRESENTATIONS } from "../../../../src/formats/dicom/data-set/value-representations.ts";

describe("The dictionary", () => {
  it("knows what the standard says of a tag", () => {
    expect(lookUpTag(0x00100010)).toEqual({ keyword: "PatientName", vr: "PN", multiplicity: "1" });
    expect(lookUpTag(0x00280030)).toEqual({ keyword: "PixelSpacing", vr: "DS", multiplicity: "2" });
    expect(lookUpTag(0x00091001)).toBeUndefined();
  });

  it.each([
    [0x60003000, "OverlayData"],
    [0x60023000, "OverlayData"],
    [0x50100010, "NumberOfPoints"],
    [0x00203106, "SourceImageIDs"],
    [0x00280410, "RowsForNthOrderCoefficients"],
    [0x7fe00010, "PixelData"],
    [0x7fe20010, "VariablePixelData"],
    [0x10001230, "EscapeTriplet"],
  ])("knows repeating groups and elements: %i", (tag, keyword) => {
    expect(lookUpTag(tag)?.keyword).toBe(keyword);
  });

  it("leads from keyword to tag and back", () => {
    const items = DICTIONARY_TEXT.split("\n").flatMap((line) => line.slice(4).split(","));
    const keywords = items
      .filter((item) => !item.slice(0, 4).includes("x"))
      .map((item) => item.slice(6).replace(/\*.*/, ""));
    expect(keywords.length).toBeGreaterThan(4900);
    const astray = keywords.filter((one) => lookUpTag(tagOfKeyword(one) ?? 0)?.keyword !== one);
    expect(astray).toEqual([]);
  });

  it("agrees with the tags that code asks for by name", () => {
    const wrong = Object.entries(TAGS).filter(([keyword, tag]) => tagOfKeyword(keyword) !== tag);
    expect(wrong).toEqual([]);
  });

  it("has no VR that is unknown", () => {
    const choices = new Set(["us", "uw", "ux", "ob", "??"]);
    const vrs = Object.values(TAGS).map((tag) => lookUpTag(tag)?.vr ?? "");
    expect(vrs.filter((vr) => !choices.has(vr) && !VALUE_REPRESENTATIONS[vr])).toEqual([]);
  });
});
