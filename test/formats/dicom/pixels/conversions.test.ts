// From stored values to real ones, grey and colour: against pydicom (expected/make-conversions.py) and the standard.

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ColorSamples, toRgb } from "../../../../src/formats/dicom/pixels/color.ts";
import { displayPixels } from "../../../../src/formats/dicom/pixels/display.ts";
import { readFrames } from "../../../../src/formats/dicom/pixels/frames.ts";
import { readIccProfile } from "../../../../src/formats/dicom/pixels/icc-profile.ts";
import { lookUp, readLookupTable } from "../../../../src/formats/dicom/pixels/lookup-table.ts";
import { modalityOf, modalityType } from "../../../../src/formats/dicom/pixels/modality.ts";
import { applyPalette, paletteOf } from "../../../../src/formats/dicom/pixels/palette.ts";
import { valuesOf } from "../../../../src/formats/dicom/pixels/pixel-values.ts";
import { applyVoi, applyWindow, voisOf } from "../../../../src/formats/dicom/pixels/voi.ts";
import {
  type WellKnownPalette,
  wellKnownPalette,
} from "../../../../src/formats/dicom/pixels/well-known-palettes.ts";
import { type Attributes, madeDataSet, madeFile } from "./made-file.ts";

const expected = JSON.parse(
  readFileSync(new URL("expected/conversions.json", import.meta.url), "utf8"),
) as {
  windows: { shape: "LINEAR"; center: number; width: number; values: number[]; grey: number[] }[];
  segments: { words: number[]; entries: number[] }[];
  ybr: number[];
  rgb: number[];
  palettes: Record<string, number[]>;
};

const words = (values: readonly number[]) => new Uint8Array(Uint16Array.from(values).buffer);

/** A grey image of one row. */
async function rowOf(pixels: Int16Array | Uint8Array, attributes: Attributes = {}) {
  const signed = pixels instanceof Int16Array;
  const bits = pixels.BYTES_PER_ELEMENT * 8;
  const { file, source } = madeFile(
    { 2621457: pixels.length, 2621696: bits, 2621699: signed ? 1 : 0, ...attributes },
    { bytes: new Uint8Array(pixels.buffer) },
  );
  return { frames: await readFrames(source, file), dataSet: file.dataSet };
}

const RESCALE = { slope: 0x00281053, intercept: 0x00281052, type: 0x00281054 };

describe("Real values", () => {
  it("are slope times stored value plus intercept, as integers where both are whole", async () => {
    const { frames, dataSet } = await rowOf(Int16Array.of(0, 1000, -5), {
      [RESCALE.slope]: 2,
      [RESCALE.intercept]: -1024,
      [RESCALE.type]: "HU",
    });
    const { data, unit } = valuesOf(frames, dataSet);
    expect(data).toEqual(Int32Array.of(-1024, 976, -1034));
    expect(unit).toBe("HU");
  });

  it("are floats where slope or intercept are not whole", async () => {
    const { frames, dataSet } = await rowOf(Int16Array.of(1, 2), { [RESCALE.slope]: 0.5 });
    expect(valuesOf(frames, dataSet).data).toEqual(Float32Array.of(0.5, 1));
  });

  it("are the stored array itself where nothing is to be done", async () => {
    const { frames, dataSet } = await rowOf(Int16Array.of(1, 2));
    expect(valuesOf(frames, dataSet).data).toBe(frames.data);
  });

  it.each([
    [{ slope: 1, intercept: -1024 }, { bitsStored: 12, signed: false }, "int16"],
    [{ slope: 1, intercept: -1024 }, { bitsStored: 16, signed: false }, "int32"],
    [{ slope: 1, intercept: -1024 }, { bitsStored: 16, signed: true }, "int32"],
    [{ slope: 1, intercept: 0 }, { bitsStored: 16, signed: true }, "int16"],
    [{ slope: 10, intercept: 0 }, { bitsStored: 8, signed: false }, "int16"],
    [{ slope: 0.1, intercept: 0 }, { bitsStored: 16, signed: false }, "float32"],
    [{ slope: 0.1, intercept: 0 }, { bitsStored: 32, signed: false }, "float64"],
  ] as const)("of %o and %o are of a type that holds all of them", (linear, bits, type) => {
    const stored = `${bits.signed ? "" : "u"}int${bits.bitsStored <= 8 ? 8 : bits.bitsStored <= 16 ? 16 : 32}`;
    const form = {
      ...bits,
      bitsAllocated: 16,
      numbers: "integer",
      type: stored as "int16",
    } as const;
    expect(modalityType({ kind: "linear", ...linear }, form)).toBe(type);
  });

  it("come from a Modality LUT where there is one, its ends standing for what is beyond", async () => {
    const item = madeDataSet({
      2633730: [3, -1, 16],
      2633732: "OD",
      2633734: words([100, 200, 300]),
    });
    const { frames, dataSet } = await rowOf(Int16Array.of(-9, -1, 0, 1, 9), { 2633728: [item] });
    expect(valuesOf(frames, dataSet)).toMatchObject({
      data: Uint16Array.of(100, 100, 200, 300, 300),
      unit: "OD",
    });
  });

  it("follow the functional groups of each frame", async () => {
    const group = (slope: number) =>
      madeDataSet({ 2658629: [madeDataSet({ [RESCALE.slope]: slope, [RESCALE.intercept]: 1 })] });
    const { frames, dataSet } = await rowOf(Int16Array.of(3, 3), {
      2621448: 2,
      2621457: 1,
      1375769136: [group(1), group(2)],
    });
    expect(Array.from(valuesOf(frames, dataSet).data)).toEqual([4, 7]);
  });

  it("take a slope of 0 as 1", () => {
    const linear = modalityOf(madeDataSet({ [RESCALE.slope]: 0, [RESCALE.intercept]: 3 }), {
      signed: false,
    });
    expect(linear).toMatchObject({ slope: 1, intercept: 3 });
  });

  it.each([
    ["a value", { 2621728: -2000 }, [0, 1, 0]],
    ["a range, in either order", { 2621728: -1000, 2621729: -3000 }, [0, 1, 0]],
    ["a value written unsigned", { 2621728: 63_536 }, [0, 1, 0]],
    ["a value that is not there", { 2621728: 7 }, undefined],
  ] as const)("report padding: %s", async (_, attributes, mask) => {
    const { frames, dataSet } = await rowOf(Int16Array.of(5, -2000, 0), attributes);
    const { padding } = valuesOf(frames, dataSet);
    expect(padding && Array.from(padding)).toEqual(mask);
  });
});

describe("Windows", () => {
  it.each(expected.windows)("$shape $center / $width equals pydicom", (one) => {
    const grey = applyWindow(Float64Array.from(one.values), one);
    for (const [at, value] of one.grey.entries()) expect(grey[at]).toBeCloseTo(value, 4);
  });

  it("refuse a width that their function can't have", () => {
    const values = new Int16Array(1);
    expect(() => applyWindow(values, { center: 0, width: 0.5 })).toThrow(/at least 1/);
    expect(() => applyWindow(values, { center: 0, width: 0, shape: "SIGMOID" })).toThrow(/above 0/);
  });

  it("keep order", () => {
    fc.assert(
      fc.property(
        fc.float64Array({ minLength: 2, maxLength: 20, noNaN: true, min: -4000, max: 4000 }),
        fc.constantFrom("LINEAR", "LINEAR_EXACT", "SIGMOID"),
        fc.double({ min: -1000, max: 1000, noNaN: true }),
        fc.double({ min: 1, max: 3000, noNaN: true }),
        (values, shape, center, width) => {
          const grey = applyWindow(values.sort(), { shape, center, width });
          expect(grey.every((one, at) => at === 0 || one >= grey[at - 1])).toBe(true);
          expect(grey.every((one) => one >= 0 && one <= 255)).toBe(true);
        },
      ),
    );
  });

  it("and tables are offered in the order of the file, tables first", () => {
    const table = madeDataSet({ 2633730: [2, 0, 8], 2633731: "T", 2633734: words([0, 255]) });
    const offered = voisOf(
      madeDataSet({ 2625616: [40, 400], 2625617: [80, 2000], 2625621: "A\\B", 2633744: [table] }),
    );
    expect(offered.map(({ kind, explanation }) => [kind, explanation])).toEqual([
      ["table", "T"],
      ["window", "A"],
      ["window", "B"],
    ]);
    expect(Array.from(applyVoi(Int16Array.of(-1, 0, 1, 2), offered[0]))).toEqual([0, 0, 255, 255]);
  });
});

describe("Palettes", () => {
  const colours = (name: WellKnownPalette) => {
    const rgb = applyPalette(
      Array.from({ length: 256 }, (_, at) => at),
      wellKnownPalette(name),
    );
    return Array.from(
      { length: 256 },
      (_, at) => rgb[at * 3] * 65_536 + rgb[at * 3 + 1] * 256 + rgb[at * 3 + 2],
    );
  };

  it.each(Object.keys(expected.palettes))("%s equals the standard's", (name) => {
    expect(colours(name as WellKnownPalette)).toEqual(expected.palettes[name]);
  });

  it.each(expected.segments)(
    "in segments unfold as pydicom has it: $words",
    ({ words: data, entries }) => {
      const dataSet = madeDataSet({ 2625793: [entries.length, 0, 16], 2626081: words(data) });
      const tags = {
        descriptor: 0x00281101,
        data: 0x00281201,
        segments: 0x00281221,
        label: "red",
        signed: false,
      };
      expect(Array.from(readLookupTable(dataSet, tags)!.entries)).toEqual(entries);
    },
  );

  it("in segments copy what an offset in bytes names", () => {
    // Discrete 5, 6; then one segment again from byte 0.
    const dataSet = madeDataSet({ 2625793: [4, 0, 16], 2626081: words([0, 2, 5, 6, 2, 1, 0, 0]) });
    const tags = {
      descriptor: 0x00281101,
      data: 0x00281201,
      segments: 0x00281221,
      label: "red",
      signed: false,
    };
    expect(Array.from(readLookupTable(dataSet, tags)!.entries)).toEqual([5, 6, 5, 6]);
  });

  it.each([
    ["a line that begins nowhere", [1, 3, 9]],
    ["a segment of no kind", [0, 1, 4, 9, 9]],
    ["a copy of itself", [0, 1, 4, 2, 9, 6, 0]],
  ])("in segments are refused: %s", (_, data) => {
    const dataSet = madeDataSet({ 2625793: [256, 0, 16], 2626081: words(data) });
    const tags = {
      descriptor: 0x00281101,
      data: 0x00281201,
      segments: 0x00281221,
      label: "red",
      signed: false,
    };
    expect(() => readLookupTable(dataSet, tags)).toThrow(/sound segments/);
  });

  it("of 65,536 entries have a descriptor of 0", () => {
    const dataSet = madeDataSet({
      2633730: [0, 0, 16],
      2633734: words(Array.from({ length: 65_536 }, (_, at) => 65_535 - at)),
    });
    const table = readLookupTable(dataSet, {
      descriptor: 0x00283002,
      data: 0x00283006,
      label: "LUT",
      signed: false,
    })!;
    expect(Array.from(lookUp([0, 1, 65_535], table))).toEqual([65_535, 65_534, 0]);
  });

  it("of 8 bits lie two in a word", async () => {
    const data = Uint8Array.of(1, 2, 3, 4);
    const { frames, dataSet } = await rowOf(Uint8Array.of(0, 3), {
      2621444: "PALETTE COLOR",
      2625793: [4, 0, 8],
      2625794: [4, 0, 8],
      2625795: [4, 0, 8],
      2626049: data,
      2626050: data.map((one) => one * 10),
      2626051: data.map((one) => one * 20),
    });
    expect(Array.from(applyPalette(frames.data, paletteOf(dataSet)!))).toEqual([
      1, 10, 20, 4, 40, 80,
    ]);
    expect(displayPixels(frames, dataSet)).toMatchObject({
      channels: 3,
      data: Uint8Array.of(1, 10, 20, 4, 40, 80),
    });
  });
});

describe("Colours", () => {
  it("YBR_FULL equals pydicom", () => {
    const rgb = toRgb(Uint8Array.from(expected.ybr), "YBR_FULL", 8);
    expect(Array.from(rgb)).toEqual(expected.rgb);
  });

  it.each<[string, ColorSamples, number[]]>([
    ["RGB", Uint8Array.of(1, 2, 3), [1, 2, 3]],
    ["YBR_PARTIAL_422", Uint8Array.of(16, 128, 128), [0, 0, 0]],
    ["YBR_PARTIAL_420", Uint8Array.of(235, 128, 128), [255, 255, 255]],
    ["YBR_PARTIAL_422", Uint8Array.of(81, 90, 240), [254, 0, 0]],
    ["ARGB", Uint8Array.of(9, 1, 2, 3), [1, 2, 3]],
    ["CMYK", Uint8Array.of(0, 255, 0, 0), [255, 0, 255]],
    ["CMYK", Uint8Array.of(0, 0, 0, 255), [0, 0, 0]],
    ["HSV", Uint8Array.of(0, 255, 255), [255, 0, 0]],
    ["HSV", Uint8Array.of(0, 0, 100), [100, 100, 100]],
    ["YBR_FULL", Uint16Array.of(65_535, 32_768, 32_768), [65_535, 65_535, 65_535]],
  ])("%s %o", (photometric, samples, rgb) => {
    const bits = samples.BYTES_PER_ELEMENT * 8;
    expect(Array.from(toRgb(samples, photometric, bits))).toEqual(rgb);
  });

  it("of no known kind are refused by name", () => {
    expect(() => toRgb(Uint8Array.of(1, 2, 3), "XYZ", 8)).toThrow(/XYZ/);
  });
});

describe("A picture to look at", () => {
  it("takes the file's window, and inverts MONOCHROME1", async () => {
    const window = { 2625616: 1, 2625617: 3, 2625622: "LINEAR_EXACT" };
    const plain = await rowOf(Int16Array.of(-10, 1, 10), window);
    expect(displayPixels(plain.frames, plain.dataSet).data).toEqual(Uint8Array.of(0, 128, 255));
    const inverted = await rowOf(Int16Array.of(-10, 1, 10), { ...window, 2621444: "MONOCHROME1" });
    expect(displayPixels(inverted.frames, inverted.dataSet).data).toEqual(
      Uint8Array.of(255, 128, 0),
    );
  });

  it("spans the values, but for padding, where the file has no window", async () => {
    const { frames, dataSet } = await rowOf(Int16Array.of(-2000, 10, 20), { 2621728: -2000 });
    expect(displayPixels(frames, dataSet).data).toEqual(Uint8Array.of(0, 0, 255));
  });

  it("colours what a supplemental palette is for, and nothing else", async () => {
    const table = Uint8Array.of(7, 8);
    const tables = Object.fromEntries(
      [1, 2, 3].flatMap((color) => [
        [0x00281100 + color, [2, 100, 8]],
        [0x00281200 + color, table],
      ]),
    );
    const { frames, dataSet } = await rowOf(Uint8Array.of(0, 99, 100, 101), {
      ...tables,
      561669: "COLOR",
      2625616: 50,
      2625617: 100,
      2625622: "LINEAR_EXACT",
    });
    const { data, channels } = displayPixels(frames, dataSet);
    expect(channels).toBe(3);
    expect(Array.from(data)).toEqual([0, 0, 0, 252, 252, 252, 7, 7, 7, 8, 8, 8]);
  });

  it("comes with the ICC profile as it is, from where the file has it", async () => {
    const profile = Uint8Array.of(1, 2, 3, 4);
    const own = madeFile({ 2629632: profile }, {});
    expect(await readIccProfile(own.source, own.file)).toEqual(profile);
    const path = madeFile({ 4718853: [madeDataSet({ 2629632: profile })] }, {});
    expect(await readIccProfile(path.source, path.file)).toEqual(profile);
    expect(await readIccProfile(own.source, madeFile({}, {}).file)).toBeUndefined();
  });

  it("is coloured by a palette of the caller's", async () => {
    const { frames, dataSet } = await rowOf(Int16Array.of(0, 1));
    const { data, channels } = displayPixels(frames, dataSet, {
      palette: wellKnownPalette("HOT_IRON"),
    });
    expect(channels).toBe(3);
    expect(Array.from(data)).toEqual([0, 0, 0, 255, 255, 255]);
  });
});
