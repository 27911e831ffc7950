import { describe, expect, it } from "vitest";
import { type ByteSource, memorySource } from "../../../../src/base/index.ts";
import {
  type DicomVolume,
  listDicom,
  listedEntries,
  readVolume,
} from "../../../../src/formats/index.ts";
import { axialStack, COLUMNS, ROWS, shuffled, slice } from "./synthetic-series.ts";

async function volumeOf(sources: readonly ByteSource[]): Promise<DicomVolume> {
  const volumes = listedEntries(await listDicom(shuffled(sources)));
  expect(volumes).toHaveLength(1);
  return volumes[0] as DicomVolume;
}

const perSlice = (data: ArrayLike<number>, plane = COLUMNS * ROWS) =>
  Array.from(data).filter((_, at) => at % plane === 0);

describe("A missing slice", () => {
  const sources = () => axialStack([0, 2, 4, 8, 10]);

  it("is found, counted and named", async () => {
    const volume = await volumeOf(sources());
    expect(volume.geometry).toBeUndefined();
    expect(volume.problems).toEqual([
      {
        kind: "gap",
        missing: 1,
        after: [2],
        sentence: expect.stringContaining("1 slice is missing"),
      },
    ]);
  });

  it("keeps the volume from being loaded unless the caller has it interpolated", async () => {
    const volume = await volumeOf(sources());
    await expect(readVolume(volume)).rejects.toMatchObject({
      code: "value-invalid",
      message: expect.stringContaining('onMissingSlices: "resample"'),
    });
    await expect(readVolume(volume, { onUnevenSlices: "resample" })).rejects.toThrow("missing");
    const { image, notes } = await readVolume(volume, { onMissingSlices: "resample" });
    expect(image.geometry).toMatchObject({ size: [4, 3, 6], spacing: [1.5, 2, 2] });
    expect(perSlice(image.data)).toEqual([0, 200, 400, 600, 800, 1000]);
    expect(notes.join(" ")).toContain("interpolated linearly");
  });
});

describe("Slices at uneven distances", () => {
  const sources = () => axialStack([0, 2, 4.7, 6.1, 8]);

  it("are refused, or resampled at the usual distance from the first to the last", async () => {
    const volume = await volumeOf(sources());
    expect(volume.problems).toEqual([
      {
        kind: "uneven",
        leastMm: expect.closeTo(1.4),
        mostMm: expect.closeTo(2.7),
        sentence: expect.any(String),
      },
    ]);
    await expect(readVolume(volume)).rejects.toThrow("onUnevenSlices");
    const { image } = await readVolume(volume, { onUnevenSlices: "resample" });
    expect(image.geometry).toMatchObject({ size: [4, 3, 5], spacing: [1.5, 2, 2] });
    // Values are 100 · z: linear interpolation gives them back.
    for (const [k, value] of perSlice(image.data).entries()) expect(value).toBeCloseTo(200 * k, 3);
  });

  it("are even if they differ by no more than positions are rounded", async () => {
    const rounded = [0, 0.6, 1.3, 1.9, 2.5, 3.1, 3.8, 4.4, 5];
    const volume = await volumeOf(rounded.map((z) => slice({ position: [0, 0, z], value: 0 })));
    expect(volume.problems).toEqual([]);
    expect(volume.geometry?.spacing[2]).toBeCloseTo(0.625);
  });

  it("are uneven if they differ by more", async () => {
    const volume = await volumeOf(axialStack([0, 1, 2.08, 3, 4]));
    expect(volume.problems[0].kind).toBe("uneven");
  });
});

describe("A tilted gantry", () => {
  const slope = Math.tan((15 * Math.PI) / 180);
  const tilted = () =>
    [0, 4, 8, 12].map((z) =>
      slice({
        position: [0, z * slope, z],
        value: 50,
        GantryDetectorTilt: 15,
        PixelData: ramp(z * slope),
      }),
    );
  /** Pixels of 10 · y in the patient, so that upright interpolation is known. */
  const ramp = (top: number) =>
    Uint16Array.from({ length: ROWS * COLUMNS }, (_, at) =>
      Math.round(1000 + 100 * (top + 2 * Math.floor(at / COLUMNS))),
    );

  it("is found as a shear of its angle", async () => {
    const volume = await volumeOf(tilted());
    expect(volume.geometry).toBeUndefined();
    expect(volume.problems).toEqual([
      {
        kind: "tilt",
        angleDeg: expect.closeTo(15, 5),
        sentence: expect.stringContaining("gantry tilt of 15°"),
      },
    ]);
    await expect(readVolume(volume)).rejects.toThrow("onTilt");
  });

  it("is set upright by interpolation, wide enough for all slices", async () => {
    const { image } = await readVolume(await volumeOf(tilted()), { onTilt: "resample" });
    const [columns, rows, depth] = image.geometry.size;
    expect([columns, depth]).toEqual([COLUMNS, 4]);
    expect(rows).toBe(ROWS + Math.ceil((12 * slope) / 2));
    const least = 1000;
    let inside = 0;
    for (let k = 0; k < depth; k++) {
      for (let j = 0; j < rows; j++) {
        const value = image.data[(k * rows + j) * columns];
        if (value === least) continue;
        inside += 1;
        expect(Math.abs(value - (1000 + 100 * 2 * j))).toBeLessThan(1);
      }
    }
    expect(inside).toBeGreaterThanOrEqual(8);
  });
});

it("A slice far from the others is not interpolated to", async () => {
  const volume = await volumeOf(axialStack([0, 1, 2.1, 3, 900.5]));
  await expect(readVolume(volume, { onUnevenSlices: "resample" })).rejects.toMatchObject({
    code: "too-large",
  });
});

describe("Slices that are there twice", () => {
  it("are dropped and told where they are copies of one instance", async () => {
    const sources = axialStack([0, 2, 4]);
    const volume = await volumeOf([...sources, sources[1], sources[1]]);
    expect(volume.problems).toEqual([
      expect.objectContaining({ kind: "duplicate", count: 2, copies: true }),
    ]);
    const { image, notes } = await readVolume(volume);
    expect(image.geometry.size).toEqual([4, 3, 3]);
    expect(notes).toEqual([expect.stringContaining("2 copies")]);
  });

  it("are no copies under one instance UID if they differ in form, and told", async () => {
    const SOPInstanceUID = "1.2.3.4.5";
    const one = slice({ value: 7, SOPInstanceUID });
    const cine = slice({
      value: 0,
      SOPInstanceUID,
      NumberOfFrames: 2,
      PixelData: Uint16Array.from({ length: 2 * ROWS * COLUMNS }, (_, at) => at),
    });
    const listing = await listDicom([one, cine, one]);
    expect(listing.problems).toEqual([
      {
        kind: "contradiction",
        name: one.name,
        sentence: expect.stringMatching(/UID 1\.2\.3\.4\.5: .*, 1 frame, .* and .*, 2 frames, /),
      },
    ]);
    const entries = listedEntries(listing);
    const images = entries.flatMap((entry) => (entry.kind === "images" ? entry.frames : []));
    expect(images).toContain(2);
    expect(images).toContain(1);
  });

  it("do no harm under another instance UID if they show the same", async () => {
    const volume = await volumeOf([...axialStack([0, 2, 4, 6, 8]), ...axialStack([4])]);
    expect(volume.problems).toEqual([
      expect.objectContaining({ kind: "duplicate", count: 1, copies: false }),
    ]);
    const { image, notes } = await readVolume(volume);
    expect(perSlice(image.data)).toEqual([0, 200, 400, 600, 800]);
    expect(notes).toEqual([expect.stringContaining("show the same")]);
  });

  it("are refused if they show something else, unless the caller takes the first", async () => {
    const volume = await volumeOf([...axialStack([0, 2, 4, 6, 8]), ...axialStack([4], {}, 7)]);
    await expect(readVolume(volume)).rejects.toThrow('onDuplicateSlices: "first"');
    const { image } = await readVolume(volume, { onDuplicateSlices: "first" });
    expect(perSlice(image.data)).toEqual([0, 200, 400, 600, 800]);
  });
});

describe("A run that ended early", () => {
  it("has a last time point that lacks slices, and loads without it if the caller says so", async () => {
    const zs = [0, 2, 4, 6];
    const sources = [1, 2, 3, 4].flatMap((t) =>
      axialStack(t === 4 ? [0, 2] : zs, { TemporalPositionIdentifier: t }, 1000 * t),
    );
    const volume = await volumeOf(sources);
    expect(volume.problems).toEqual([
      expect.objectContaining({ kind: "incomplete", entries: [3] }),
    ]);
    await expect(readVolume(volume)).rejects.toThrow('onIncomplete: "drop"');
    const { image, notes } = await readVolume(volume, { onIncomplete: "drop" });
    expect(image.channels[0].size).toBe(3);
    expect(perSlice(image.data, 48)).toEqual([1000, 2000, 3000]);
    expect(notes.join(" ")).toContain("1 of 4 stacks");
  });
});

describe("A single slice", () => {
  it("is as thick as the file says", async () => {
    const volume = await volumeOf([slice({ position: [0, 0, 0], value: 0 })]);
    expect(volume.geometry?.spacing).toEqual([1.5, 2, 3]);
  });

  it("has no proven geometry without thickness, unless the caller states it", async () => {
    const volume = await volumeOf([slice({ position: [0, 0, 0], value: 0, SliceThickness: null })]);
    expect(volume.problems).toEqual([expect.objectContaining({ kind: "unplaced" })]);
    await expect(readVolume(volume)).rejects.toMatchObject({ code: "value-missing" });
    const { image } = await readVolume(volume, { assumeThicknessMm: 5 });
    expect(image.geometry.spacing).toEqual([1.5, 2, 5]);
  });
});

describe("A damaged file among good ones", () => {
  const cut = (source: ByteSource, bytes: number) => ({
    ...source,
    byteLength: bytes,
    read: async (at: number, length: number) =>
      memorySource((await source.read(0, bytes)).slice(), source.name).read(at, length),
    readInto: async (at: number, target: Uint8Array) =>
      memorySource((await source.read(0, bytes)).slice(), source.name).readInto(at, target),
  });

  it.each([
    ["in its pixels", (source: ByteSource) => source.byteLength - 4],
    ["in its header", () => 400],
  ])("that ends %s is reported, and the others are listed", async (_, length) => {
    const good = axialStack([0, 2, 4, 6]);
    const listing = await listDicom([
      ...good,
      cut(slice({ position: [0, 0, 8], value: 0 }), length(good[0])),
    ]);
    expect(listing.problems).toEqual([
      expect.objectContaining({ kind: "unreadable", name: expect.stringContaining("file-") }),
    ]);
    const [volume] = listedEntries(listing) as DicomVolume[];
    expect((await readVolume(volume)).image.geometry.size).toEqual([4, 3, 4]);
  });

  it("that has lost its pixels altogether is listed as an object, not as an image", async () => {
    const listing = await listDicom([
      ...axialStack([0, 2]),
      slice({ position: [0, 0, 4], value: 0, PixelData: undefined }),
    ]);
    const [{ entries, objects }] = listing.patients[0].studies[0].series;
    expect([entries[0].size, objects.length]).toEqual([[4, 3, 2], 1]);
  });

  it("is skipped if it is no DICOM file", async () => {
    const text = memorySource(new TextEncoder().encode("Series list\n1 localiser\n"), "README.txt");
    const listing = await listDicom([...axialStack([0, 2]), text]);
    expect(listing).toMatchObject({ skipped: ["README.txt"], problems: [], files: 2 });
  });
});

it("Options that are not known are refused", async () => {
  const volume = await volumeOf(axialStack([0, 2]));
  await expect(readVolume(volume, { onGaps: "resample" } as object)).rejects.toMatchObject({
    code: "bad-option",
  });
});
