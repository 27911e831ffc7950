import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  applyAffine,
  type Image,
  indexToWorld,
  type Matrix3,
  makeImage,
  memorySource,
  patientGeometry,
  type Triple,
} from "../../../../src/base/index.ts";
import {
  type DicomSeriesOptions,
  listDicom,
  listedEntries,
  readImages,
  readVolume,
  type WrittenFile,
  writeDicomSeries,
} from "../../../../src/formats/index.ts";

/** A right-handed turn about x and then z. */
function turned(aboutX: number, aboutZ: number): Matrix3 {
  const [cx, sx, cz, sz] = [Math.cos(aboutX), Math.sin(aboutX), Math.cos(aboutZ), Math.sin(aboutZ)];
  return [cz, -sz * cx, sz * sx, sz, cz * cx, -cz * sx, 0, sx, cx];
}

const geometry = patientGeometry({
  size: [6, 5, 4],
  spacing: [0.7, 0.8, 2.5],
  origin: [-10.25, 20.5, -30.125],
  direction: turned(0.3, 0.1),
});
const film = { frame: "pixels", size: [6, 5, 1], spacing: [0.2, 0.25, 1] } as const;
const ramp = Int16Array.from({ length: 120 }, (_, at) => at * 7 - 400);
const bytes = Uint8Array.from({ length: 90 }, (_, at) => at * 2);

const cases: readonly [string, Image, DicomSeriesOptions][] = [
  ["CT in HU", makeImage({ geometry, data: ramp, unit: "HU" }), {}],
  [
    "MR of fractions",
    makeImage({ geometry, data: Float32Array.from(ramp, (v) => v / 7.3) }),
    { modality: "MR" },
  ],
  [
    "MR over time",
    makeImage({
      geometry,
      channels: [{ name: "time", size: 2, values: [0, 1.5], unit: "s" }],
      data: Uint16Array.from({ length: 240 }, (_, at) => at * 200),
    }),
    { modality: "MR", bodyPart: "HEAD", patientName: "Müller^Jörg" },
  ],
  [
    "X-ray film",
    makeImage({ geometry: film, data: Uint16Array.from(bytes.subarray(0, 30), (v) => v * 50) }),
    { modality: "DX" },
  ],
  ["ultrasound frame", makeImage({ geometry: film, data: bytes.slice(0, 30) }), { modality: "US" }],
  [
    "chest film",
    makeImage({ geometry: film, data: Uint16Array.from(bytes.subarray(0, 30), (v) => v * 50) }),
    { modality: "DX", bodyPart: "CHEST" },
  ],
  [
    "film of a part without a code",
    makeImage({ geometry: film, data: Uint16Array.from(bytes.subarray(0, 30), (v) => v * 50) }),
    { modality: "DX", bodyPart: "ELBOW" },
  ],
  [
    "ultrasound cine",
    makeImage({
      geometry: film,
      channels: [{ name: "time", size: 3, values: [0, 0.04, 0.08] }],
      data: bytes,
    }),
    { modality: "US" },
  ],
  [
    "secondary capture in colours",
    makeImage({ geometry: film, channels: [{ name: "color", size: 3 }], data: bytes }),
    {},
  ],
];

describe("A series that was written", () => {
  it.each(cases)("is read back as the same image: %s", async (_, image, options) => {
    const [read, ...others] = await readBack(writeDicomSeries(image, "series", options));
    expect(others).toEqual([]);
    expect(read.geometry.size).toEqual(image.geometry.size);
    expect(read.channels.map(({ name, size }) => [name, size])).toEqual(
      image.channels.map(({ name, size }) => [name, size]),
    );
    read.geometry.spacing?.slice(0, 2).forEach((mm, axis) => {
      expect(mm).toBeCloseTo(image.geometry.spacing?.[axis] as number, 9);
    });
    const range = 857 / 7.3;
    const tolerance = image.data instanceof Float32Array ? range / 65535 : 0;
    const worst = Math.max(...image.data.map((value, at) => Math.abs(value - read.data[at])));
    expect(worst).toBeLessThanOrEqual(tolerance);
    expect(read.unit).toBe(image.unit);
  });

  it("keeps every voxel where it was, whatever the orientation and handedness", async () => {
    const angle = fc.double({ min: -1.5, max: 1.5, noNaN: true });
    await fc.assert(
      fc.asyncProperty(angle, angle, fc.boolean(), async (aboutX, aboutZ, mirrored) => {
        const d = turned(aboutX, aboutZ);
        const direction = mirrored ? (d.map((v, at) => (at % 3 === 2 ? -v : v)) as never) : d;
        const placed = patientGeometry({ ...geometry, direction });
        const image = makeImage({ geometry: placed, data: ramp, unit: "HU" });
        const [read] = await readBack(writeDicomSeries(image, "series"));
        const slice = (k: number) => (mirrored ? 3 - k : k);
        for (const index of [
          [0, 0, 0],
          [5, 4, 3],
          [2, 1, 2],
        ] as Triple[]) {
          const [i, j, k] = index;
          const there = applyAffine(indexToWorld(read.geometry), [i, j, slice(k)]);
          applyAffine(indexToWorld(placed), index).forEach((mm, axis) => {
            expect(there[axis]).toBeCloseTo(mm, 6);
          });
          const at = (z: number) => (z * 5 + j) * 6 + i;
          expect(read.data[at(slice(k))]).toBe(image.data[at(k)]);
        }
      }),
      { numRuns: 20 },
    );
  });

  it("has the same bytes for the same image, and other UIDs for another", () => {
    const write = (data: Int16Array) =>
      joined(writeDicomSeries(makeImage({ geometry, data, unit: "HU" }), "series"));
    expect(write(ramp)).toEqual(write(ramp.slice()));
    const other = ramp.slice();
    other[0] += 1;
    expect(write(other).slice(0, 600)).not.toEqual(write(ramp).slice(0, 600));
  });

  it.each<[string, Image, string, DicomSeriesOptions, RegExp]>([
    [
      "a volume of no known modality",
      makeImage({ geometry, data: ramp }),
      "series",
      {},
      /modality is not known.*CT or MR/,
    ],
    [
      "slices under one name",
      makeImage({ geometry, data: ramp, unit: "HU" }),
      "a.dcm",
      {},
      /a\.dcm can hold one slice.*4 slices/,
    ],
    [
      "a film as CT",
      makeImage({ geometry: film, data: bytes.slice(0, 30) }),
      "a",
      { modality: "CT" },
      /place in the patient is not known/,
    ],
    [
      "colours as X-ray",
      makeImage({ geometry: film, channels: [{ name: "color", size: 3 }], data: bytes }),
      "a",
      { modality: "DX" },
      /no colours/,
    ],
    [
      "a bad date",
      makeImage({ geometry: film, data: bytes.slice(0, 30) }),
      "a",
      { studyDate: "today" },
      /a date such as 20261123/,
    ],
  ])("refuses %s", (_, image, path, options, message) => {
    expect(() => writeDicomSeries(image, path, options)).toThrow(message);
  });
});

const dciodvfy = "/usr/bin/dciodvfy";

describe.skipIf(!existsSync(dciodvfy))(
  "dciodvfy of dicom3tools (skipped where there is none)",
  () => {
    it.each(cases)("finds no error in %s", (_, image, options) => {
      const folder = mkdtempSync(join(tmpdir(), "roentgen-dciodvfy-"));
      try {
        save(writeDicomSeries(image, join(folder, "series"), options));
        for (const name of readdirSync(join(folder, "series"))) {
          const { stderr } = spawnSync(dciodvfy, [join(folder, "series", name)], {
            encoding: "utf8",
          });
          expect(stderr).toMatch(/Image/);
          expect(stderr.split("\n").filter((line) => line.startsWith("Error"))).toEqual([]);
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  },
);

async function readBack(files: readonly WrittenFile[]): Promise<Image[]> {
  const sources = files.map(({ path, content }) => memorySource(joined([{ path, content }]), path));
  const images: Image[] = [];
  for (const entry of listedEntries(await listDicom(sources))) {
    if (entry.kind === "volume") images.push((await readVolume(entry)).image);
    else if (entry.kind === "images")
      images.push(...(await readImages(entry)).map(({ image }) => image));
  }
  return images;
}

function save(files: readonly WrittenFile[]): void {
  for (const file of files) {
    mkdirSync(dirname(file.path), { recursive: true });
    writeFileSync(file.path, joined([file]));
  }
}

function joined(files: readonly WrittenFile[]): Uint8Array {
  return Buffer.concat(files.flatMap(({ content }) => content as Uint8Array[]));
}
