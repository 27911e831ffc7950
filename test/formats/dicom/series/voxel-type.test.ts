import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ByteSource, memorySource, voxelType } from "../../../../src/base/index.ts";
import {
  type DicomEntry,
  type DicomImages,
  type DicomVolume,
  listDicom,
  listedEntries,
  type PlainDataSet,
  readImages,
  readVolume,
} from "../../../../src/formats/index.ts";
import { COLUMNS, ROWS, slice } from "./synthetic-series.ts";

const PLANE = COLUMNS * ROWS;
const SIGNED_CT: PlainDataSet = {
  Modality: "CT",
  PixelRepresentation: 1,
  RescaleIntercept: -1024,
  RescaleSlope: 1,
};

/** Slices that hold these stored values, and zeros. */
function stack(stored: readonly (readonly number[])[], attributes: PlainDataSet): ByteSource[] {
  return stored.map((values, z) => {
    const pixels = new Int16Array(PLANE);
    pixels.set(values);
    return slice({ position: [0, 0, z], value: 0, ...attributes, PixelData: pixels });
  });
}

async function load(sources: readonly ByteSource[]) {
  const [entry] = listedEntries(await listDicom(sources));
  const { image } = await readVolume(entry as DicomVolume);
  return { type: voxelType(image.data), values: Array.from(image.data) };
}

describe("Voxels of a volume whose bits might not fit 16", () => {
  it.each<[string, number[][], PlainDataSet, string]>([
    ["signed CT", [[-1000, 3071], [0]], SIGNED_CT, "int16"],
    ["signed CT down to the last value that fits", [[1], [-31_744, 32_767]], SIGNED_CT, "int16"],
    ["signed CT with one value beyond", [[1], [0], [-31_745]], SIGNED_CT, "int32"],
    ["padding of the least value", [[-32_768, 5], [-32_768]], SIGNED_CT, "int32"],
    ["a slope of 2", [[16_895], [-1000]], { ...SIGNED_CT, RescaleSlope: 2 }, "int16"],
    ["a slope of 2 that leads beyond", [[16_896]], { ...SIGNED_CT, RescaleSlope: 2 }, "int32"],
    ["unsigned CT of 16 bits", [[4095]], { ...SIGNED_CT, PixelRepresentation: 0 }, "int16"],
    ["the same beyond", [[-1]], { ...SIGNED_CT, PixelRepresentation: 0 }, "int32"],
  ])("are as narrow as the values that are there: %s", async (_, stored, attributes, type) => {
    const { RescaleSlope = 1, RescaleIntercept = 0, PixelRepresentation } = attributes;
    const thick = { ...attributes, SliceThickness: 1 };
    const read = (value: number) => (PixelRepresentation === 1 ? value : value & 0xffff);
    const loaded = await load(stack(stored, thick));
    expect(loaded.type).toBe(type);
    const expected = stored.flatMap((values) => {
      const all = Array.from({ length: PLANE }, (_, at) => values[at] ?? 0);
      return all.map((value) => read(value) * Number(RescaleSlope) + Number(RescaleIntercept));
    });
    expect(loaded.values).toEqual(expected);
  });

  it("hold slope · stored + intercept, whatever their type", async () => {
    const stored = fc.array(fc.integer({ min: -32_768, max: 32_767 }), {
      minLength: PLANE,
      maxLength: PLANE,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(stored, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: -3, max: 3 }).filter((slope) => slope !== 0),
        fc.integer({ min: -2000, max: 2000 }),
        async (slices, slope, intercept) => {
          const rescale = { RescaleSlope: slope, RescaleIntercept: intercept };
          const { values } = await load(stack(slices, { ...SIGNED_CT, ...rescale }));
          expect(values).toEqual(slices.flat().map((value) => value * slope + intercept));
        },
      ),
      { numRuns: 30 },
    );
  });

  it("decide in images without a place as well", async () => {
    const types = await Promise.all(
      [-31_744, -31_745].map(async (value) => {
        const pixels = new Int16Array(PLANE).fill(value);
        const file = slice({ value: 0, ...SIGNED_CT, PixelData: pixels });
        const [entry]: DicomEntry[] = listedEntries(await listDicom([file]));
        const [{ image }] = await readImages(entry as DicomImages);
        expect(new Set(image.data)).toEqual(new Set([value - 1024]));
        return voxelType(image.data);
      }),
    );
    expect(types).toEqual(["int16", "int32"]);
  });

  it("are not told from what lies on top of them by values that do not fit", async () => {
    const below = stack([[1], [2], [3]], SIGNED_CT);
    const [top] = stack([[-32_768]], { ...SIGNED_CT, ImagePositionPatient: [0, 0, 1] });
    const [entry] = listedEntries(await listDicom([...below, top]));
    await expect(readVolume(entry as DicomVolume)).rejects.toThrow("lies where another");
    const copy = await copyOf(below[1]);
    const [same] = listedEntries(await listDicom([...below, copy]));
    expect(voxelType((await readVolume(same as DicomVolume)).image.data)).toBe("int16");
  });
});

/** The same slice under another instance UID. */
async function copyOf(source: ByteSource): Promise<ByteSource> {
  const bytes = (await source.read(0, source.byteLength)).slice();
  const text = Buffer.from(bytes.buffer).toString("latin1");
  for (const { index } of text.matchAll(/1\.2\.3\.[1-9]\d*/g)) bytes[index] = 0x32;
  return memorySource(bytes, "copy");
}
