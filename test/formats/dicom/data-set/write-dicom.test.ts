import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memorySource, RoentgenError } from "../../../../src/base/index.ts";
import type { DataSet } from "../../../../src/formats/dicom/data-set/data-set.ts";
import { decimalString } from "../../../../src/formats/dicom/data-set/decimal-string.ts";
import { dicomUid } from "../../../../src/formats/dicom/data-set/dicom-uid.ts";
import { loadFragments, loadValues } from "../../../../src/formats/dicom/data-set/load-values.ts";
import {
  makeDataSet,
  type PlainDataSet,
} from "../../../../src/formats/dicom/data-set/make-data-set.ts";
import { readDicom } from "../../../../src/formats/dicom/data-set/read-dicom.ts";
import { TRANSFER_SYNTAXES } from "../../../../src/formats/dicom/data-set/transfer-syntaxes.ts";
import { sequence, texts } from "../../../../src/formats/dicom/data-set/values.ts";
import { writeDicom } from "../../../../src/formats/dicom/data-set/write-dicom.ts";
import { joinBytes } from "../../../../src/formats/elements/join-bytes.ts";
import { canonicalLines, digest } from "./canonical.ts";
import { sampleDataSet, sampleFiles } from "./written-sample.ts";

const IDENTITY = { SOPClassUID: "1.2.840.10008.5.1.4.1.1.7", SOPInstanceUID: "1.2.3" };
const SYNTAXES = [
  "1.2.840.10008.1.2.1",
  "1.2.840.10008.1.2",
  "1.2.840.10008.1.2.2",
  "1.2.840.10008.1.2.1.99",
];

describe("A written DICOM file", () => {
  const { files } = JSON.parse(
    readFileSync(join(import.meta.dirname, "expected/written.json"), "utf8"),
  ) as { files: Record<string, { sha1: string; lines: string; dcmdump: string }> };
  const written = sampleFiles();

  it.each(Object.entries(files))("is read by pydicom as it is here: %s", async (name, expected) => {
    const bytes = written[name];
    // The very bytes that pydicom and dcmdump read when the expectation was made.
    expect(digest(bytes)).toBe(expected.sha1);
    const source = memorySource(bytes, name);
    const file = await readDicom(source);
    expect(file.notes).toEqual([]);
    expect(digest((await canonicalLines(source, file)).join("\n"))).toBe(expected.lines);
  });

  it("shows the same in dcmdump, whatever its byte order and compression", () => {
    const shown = ["explicit.dcm", "big-endian.dcm", "deflated.dcm"].map(
      (name) => files[name].dcmdump,
    );
    expect(new Set(shown).size).toBe(1);
  });

  it("is read back as it was made, in every syntax", async () => {
    await fc.assert(
      fc.asyncProperty(
        plainDataSet,
        fc.constantFrom(...SYNTAXES),
        async (plain, transferSyntax) => {
          const dataSet = makeDataSet({ ...IDENTITY, ...plain });
          const bytes = joinBytes(writeDicom(dataSet, { transferSyntax }));
          const source = memorySource(bytes);
          const file = await readDicom(source);
          expect(file.notes).toEqual([]);
          expect(file.transferSyntax).toBe(transferSyntax);
          // Written again in one byte order, so that words can be compared as bytes.
          const again = memorySource(joinBytes(writeDicom(await loadValues(source, file.dataSet))));
          const { dataSet: read } = await readDicom(again);
          expect(await linesOf(again, read)).toEqual(await linesOf(source, dataSet));
        },
      ),
      { numRuns: 150 },
    );
  });

  it("is written again byte for byte from what was read", async () => {
    for (const [name, bytes] of Object.entries(sampleFiles())) {
      const source = memorySource(bytes, name);
      const file = await readDicom(source);
      if (name === "deflated.dcm") continue; // its pixels are in memory already
      const pixels = file.dataSet.elements.get(0x7fe00010);
      const frames =
        pixels?.kind === "fragments"
          ? groupFrames(await loadFragments(source, pixels), pixels.offsets)
          : undefined;
      const dataSet = await loadValues(source, file.dataSet);
      const again = writeDicom(dataSet, { transferSyntax: file.transferSyntax, frames });
      expect(joinBytes(again), name).toEqual(bytes);
    }
  });

  it("keeps frames that are compressed, padded to even length, with their offsets", async () => {
    const frames = [[Uint8Array.of(1, 2, 3)], [Uint8Array.of(4), Uint8Array.of(5, 6)]];
    const bytes = joinBytes(
      writeDicom(makeDataSet(IDENTITY), { transferSyntax: "1.2.840.10008.1.2.4.90", frames }),
    );
    const source = memorySource(bytes);
    const pixels = (await readDicom(source)).dataSet.elements.get(0x7fe00010);
    if (pixels?.kind !== "fragments") throw new Error("no fragments");
    expect(pixels.offsets).toEqual([0, 12]);
    expect((await loadFragments(source, pixels)).map((one) => [...one])).toEqual([
      [1, 2, 3, 0],
      [4, 0],
      [5, 6],
    ]);
  });

  it("holds values too long for a short header as UN, and gives them back with their own VR", async () => {
    const values = Array.from({ length: 20000 }, (_, i) => i / 7);
    const dataSet = makeDataSet({ ...IDENTITY, FrameTimeVector: values });
    const bytes = joinBytes(writeDicom(dataSet));
    const source = memorySource(bytes);
    const { dataSet: read } = await readDicom(source, { longestValue: 2 ** 20 });
    expect(read.elements.get(0x00181065)?.vr).toBe("DS");
    expect(await linesOf(source, read)).toEqual(await linesOf(source, dataSet));
  });

  it("is refused where an identity is missing or the syntax does not fit", () => {
    expect(() => writeDicom(makeDataSet({ PatientID: "1" }))).toThrow(/SOPClassUID/);
    const dataSet = makeDataSet(IDENTITY);
    expect(() => writeDicom(dataSet, { transferSyntax: "1.2.3" })).toThrow(/1\.2\.3/);
    expect(() => writeDicom(dataSet, { frames: [[]] })).toThrow(/no encapsulated frames/);
  });
});

describe("An attribute that is set", () => {
  it.each<[PlainDataSet, RegExp]>([
    [{ PatientAge: "45" }, /\(0010,1010\) PatientAge \(AS\): expected three digits/],
    [{ Modality: "ct" }, /Modality \(CS\): expected capital letters/],
    [{ Modality: "A".repeat(17) }, /at most 16 characters/],
    [{ PatientID: "a\\b" }, /PatientID \(LO\): expected text without/],
    [{ PatientName: `${"ä".repeat(65)}` }, /PatientName \(PN\): expected at most 64 characters/],
    [{ PatientName: "a=b=c=d" }, /at most three groups/],
    [{ StudyDate: "2026-11-23" }, /StudyDate \(DA\): expected a date as YYYYMMDD/],
    [{ StudyInstanceUID: "1.02" }, /StudyInstanceUID \(UI\): expected a UID/],
    [{ Rows: 65536 }, /Rows \(US\): expected a whole number from 0 to 65535, found 65536/],
    [{ Rows: 1.5 }, /Rows \(US\): expected a whole number/],
    [{ InstanceNumber: 2 ** 31 }, /InstanceNumber \(IS\)/],
    [{ SliceThickness: Number.NaN }, /SliceThickness \(DS\): expected a finite number/],
    [{ PixelSpacing: [1] }, /PixelSpacing \(DS\): expected 2 values, found 1/],
    [
      { SpecificCharacterSet: "ISO_IR 144", PatientID: "é" },
      /text in the character set ISO_IR 144/,
    ],
    [{ ReferencedImageSequence: "x" }, /ReferencedImageSequence: expected a list of items/],
    [{ PixelData: "x" }, /PixelData \(OW\): expected a number/],
    [{ NoSuchKeyword: "x" }, /no attribute "NoSuchKeyword"/],
  ])("is refused with its name where it breaks a rule: %o", (plain, message) => {
    expect(() => makeDataSet(plain)).toThrow(RoentgenError);
    expect(() => makeDataSet(plain)).toThrow(message);
  });

  it("makes text beyond ASCII UTF-8, which is declared", () => {
    expect(makeDataSet({ PatientID: "a" }).characterSets).toEqual([]);
    const nested = makeDataSet({
      ReferencedImageSequence: [{ ContentLabel: null, PatientID: "é" }],
    });
    expect(nested.characterSets).toEqual(["ISO_IR 192"]);
    expect(nested.elements.has(0x00080005)).toBe(true);
  });
});

describe("An item of another data set", () => {
  it("declares its character set where it comes to stand in another", () => {
    const inner = makeDataSet({ SpecificCharacterSet: "ISO_IR 100", PatientID: "é" });
    const elements = new Map(inner.elements);
    elements.delete(0x00080005); // as an item that had it from the data set around
    const outer = makeDataSet({
      PatientName: "山田",
      ReferencedImageSequence: [{ ...inner, elements }],
    });
    const [item] = sequence(outer, "ReferencedImageSequence");
    expect(texts(item, "SpecificCharacterSet")).toEqual(["ISO_IR 100"]);
    expect(texts(item, "PatientID")).toEqual(["é"]);
  });
});

describe("A decimal string", () => {
  it.each([
    [1 / 3, "0.33333333333333"],
    [-1 / 3, "-0.3333333333333"],
    [1e100 / 3, "3.333333333e+99".replace("e+", "e")],
    [0.1 + 0.2, "0.3"],
    [-0, "0"],
    [1e21, "1e21"],
    [-1.2345678901234e-300, "-1.23456789e-300"],
  ])("has at most 16 characters: %d", (value, expected) => {
    const text = decimalString(value);
    expect(text.length).toBeLessThanOrEqual(16);
    expect(Math.abs(Number(text) - Number(expected))).toBeLessThanOrEqual(Math.abs(value) * 1e-9);
  });

  it("is as near to the number as 16 characters allow", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = decimalString(value);
        expect(text.length).toBeLessThanOrEqual(16);
        // Sign, point, and an exponent of up to five characters leave at least eight digits.
        expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(Math.abs(value) * 1e-8);
      }),
    );
  });
});

describe("A UID", () => {
  it("is the same for the same key, and valid", () => {
    const made = dicomUid({ seed: 1, purpose: "series", sample: 3 });
    expect(made).toBe(dicomUid({ seed: 1, purpose: "series", sample: 3 }));
    expect(made).toMatch(/^2\.25\.[1-9]\d{0,38}$/);
    const others = [
      dicomUid({ seed: 2, purpose: "series", sample: 3 }),
      dicomUid({ seed: 1, purpose: "study", sample: 3 }),
      dicomUid({ seed: 1, purpose: "series", sample: 4 }),
    ];
    expect(new Set([made, ...others]).size).toBe(4);
  });
});

describe("Transfer syntaxes", () => {
  it("are listed once each", () => {
    const uids = TRANSFER_SYNTAXES.map(({ uid }) => uid);
    expect(new Set(uids).size).toBe(uids.length);
  });
});

const text = (longest: number) =>
  fc
    .string({ unit: "grapheme", maxLength: longest })
    .map((value) => value.replace(/[\\=^\p{C}]/gu, ""));
const code = fc.stringMatching(/^[A-Z0-9_]{0,16}$/);

/** Standard attributes of every VR, so that implicit files give them back. */
const plainDataSet: fc.Arbitrary<PlainDataSet> = fc.letrec<{ dataSet: PlainDataSet }>((tie) => ({
  dataSet: fc.record(
    {
      ImageType: fc.array(code, { minLength: 2, maxLength: 4 }),
      PatientName: text(20),
      PatientID: text(20),
      ImageComments: text(40),
      StudyID: text(8),
      PatientAge: fc.constantFrom("001D", "045Y", null),
      PixelSpacing: fc.tuple(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.integer()),
      SeriesNumber: fc.integer(),
      Rows: fc.integer({ min: 0, max: 65535 }),
      ReferencePixelX0: fc.integer(),
      RegionLocationMinX0: fc.integer({ min: 0 }),
      FrameIncrementPointer: fc.array(fc.integer({ min: 0, max: 0xffffffff })),
      SelectorFDValue: fc.array(fc.double({ noNaN: true })),
      SelectorFLValue: fc.array(fc.float({ noNaN: true })),
      SelectorSSValue: fc.array(fc.integer({ min: -32768, max: 32767 })),
      SelectorSVValue: fc.array(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)),
      SelectorUVValue: fc.array(fc.bigInt(0n, 2n ** 64n - 1n)),
      SelectorOFValue: fc.float32Array(),
      SelectorOLValue: fc.uint32Array(),
      SelectorODValue: fc.float64Array(),
      ExtendedOffsetTable: fc.bigUint64Array(),
      EncapsulatedDocument: fc.uint8Array({ maxLength: 40 }),
      OverlayData: fc.uint16Array(),
      PixelData: fc.uint16Array(),
      ReferencedImageSequence: fc.array(tie("dataSet"), { maxLength: 2 }),
      SourceImageSequence: fc.oneof(
        { maxDepth: 2 },
        fc.constant([]),
        fc.array(tie("dataSet"), { maxLength: 2 }),
      ),
    },
    { requiredKeys: [] },
  ),
})).dataSet;

async function linesOf(
  source: ReturnType<typeof memorySource>,
  dataSet: DataSet,
): Promise<string[]> {
  const meta = { elements: new Map(), littleEndian: true, characterSets: [] };
  return canonicalLines(source, { name: "", meta, dataSet, transferSyntax: "", notes: [] });
}

function groupFrames(fragments: readonly Uint8Array[], offsets: readonly number[]): Uint8Array[][] {
  const frames: Uint8Array[][] = [];
  let offset = 0;
  for (const fragment of fragments) {
    if (offsets.includes(offset)) frames.push([]);
    frames[frames.length - 1].push(fragment);
    offset += 8 + fragment.length;
  }
  return frames;
}

it("of all VRs has none that the sample leaves out", () => {
  const vrs = new Set([...sampleDataSet().elements.values()].map(({ vr }) => vr));
  const missing =
    "AE AS AT CS DA DS DT FD FL IS LO LT OD OF OL OV OW PN SH SL SQ SS SV TM UC UI UL UN UR US UT UV ST OB"
      .split(" ")
      .filter((vr) => !vrs.has(vr));
  expect(missing).toEqual([]);
});
