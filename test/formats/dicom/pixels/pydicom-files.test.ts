// Every image in ../shared/data/dicom against pydicom with GDCM (expected/make-pixels.py), and a table of the outcomes.

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { openFile } from "../../../../src/base/files-node.ts";
import { RoentgenError, type VoxelArray } from "../../../../src/base/index.ts";
import type { DataSet, DicomFile } from "../../../../src/formats/dicom/data-set/data-set.ts";
import { readDicom } from "../../../../src/formats/dicom/data-set/read-dicom.ts";
import { transferSyntax } from "../../../../src/formats/dicom/data-set/transfer-syntaxes.ts";
import { type ColorSamples, toRgb } from "../../../../src/formats/dicom/pixels/color.ts";
import { displayPixels } from "../../../../src/formats/dicom/pixels/display.ts";
import { type Frames, readFrames } from "../../../../src/formats/dicom/pixels/frames.ts";
import { storedLimits } from "../../../../src/formats/dicom/pixels/modality.ts";
import { applyPalette, paletteOf } from "../../../../src/formats/dicom/pixels/palette.ts";
import { valuesOf } from "../../../../src/formats/dicom/pixels/pixel-values.ts";
import { applyVoi, voisOf } from "../../../../src/formats/dicom/pixels/voi.ts";

const ROOT = "../shared/data/dicom";
const FOLDERS = ["pydicom", "highdicom", "dcmqi"];
const SERIES = ["dcm_qa_enh", "dcm_qa_nih", "dcm_qa_ts"];

type Sampled = number[] | { error: string };

interface Expected {
  error?: string;
  shape?: number[];
  hash?: string;
  modality?: Sampled;
  voi?: Sampled;
  rgb?: Sampled;
  palette?: { hash?: string; error?: string };
}

/** Where pydicom 2.3.1 with GDCM 3.0.21 is wrong, and how that was found. */
const ORACLE_WRONG: Readonly<Record<string, string>> = {
  "pydicom/test_files/SC_rgb_small_odd_big_endian.dcm":
    "pydicom 2.3.1 leaves the bytes of 16-bit words turned round (mended in 2.4); ours equals dcm2pnm of DCMTK and the little-endian twin SC_rgb_small_odd.dcm",
  "pydicom/test_files/JPEG2000-embedded-sequence-delimiter.dcm":
    "the delimiter is written over the image size in the codestream (3,722,445,056 columns); OpenJPEG under GDCM refuses it too, and pydicom gives uninitialised memory",
};

const { files: expected } = JSON.parse(
  readFileSync(new URL("expected/pixels.json", import.meta.url), "utf8"),
) as { files: Record<string, Expected> };

interface Outcome {
  readonly file: string;
  readonly syntax: string;
  readonly what: string;
  readonly stored: string;
  readonly converted: string;
}

const here = existsSync(ROOT);
const label = here
  ? "Every DICOM image in ../shared/data/dicom"
  : "Every DICOM image (skipped: no ../shared/data/dicom beside the checkout)";

describe.skipIf(!here)(label, () => {
  const outcomes: Outcome[] = [];
  const series = new Map<string, { equal: number; other: string[] }>();

  beforeAll(async () => {
    for (const folder of FOLDERS) {
      for (const file of filesUnder(join(ROOT, folder))) {
        const outcome = await outcomeOf(file);
        if (outcome) outcomes.push(outcome);
      }
    }
    for (const folder of SERIES) {
      const tally = { equal: 0, other: [] as string[] };
      for (const file of filesUnder(join(ROOT, folder)).filter((one) => expected[one])) {
        const { stored } = (await outcomeOf(file))!;
        if (stored === "equal") tally.equal += 1;
        else tally.other.push(`${file}: ${stored}`);
      }
      series.set(folder, tally);
    }
  }, 60_000);

  it("has the stored values that pydicom with GDCM has, or says why not", () => {
    const wrong = outcomes.filter(({ stored }) => stored.startsWith("DIFFERENT"));
    expect(wrong).toEqual([]);
    expect(outcomes.filter(({ stored }) => stored === "equal").length).toBeGreaterThan(100);
  });

  it("has the values, windows and colours that pydicom has, within rounding", () => {
    expect(outcomes.filter(({ converted }) => converted.includes("DIFFERENT"))).toEqual([]);
  });

  it("has the stored values of every slice of the series", () => {
    expect([...series.values()].flatMap(({ other }) => other)).toEqual([]);
    expect([...series.values()].every(({ equal }) => equal > 0)).toBe(true);
  });

  it("can be shown as a picture unless it can't be read", async () => {
    const read = outcomes.filter(({ stored }) => stored === "equal");
    for (const { file } of read) {
      const { frames, dicom } = await readPixels(file, [0]);
      const picture = displayPixels(frames, dicom.dataSet);
      expect(picture.data.length, file).toBe(picture.width * picture.height * picture.channels);
    }
  });

  it("is in the table of outcomes", async () => {
    await expect(tableOf(outcomes, series)).toMatchFileSnapshot("outcomes.md");
  });
});

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
    .sort();
}

async function readPixels(
  file: string,
  wanted?: number[],
): Promise<{ frames: Frames; dicom: DicomFile }> {
  const source = await openFile(join(ROOT, file));
  try {
    const dicom = await readDicom(source);
    return { dicom, frames: await readFrames(source, dicom, { frames: wanted, threads: 2 }) };
  } finally {
    await source.close();
  }
}

/** What came of a file; undefined for one that is no DICOM. */
async function outcomeOf(file: string): Promise<Outcome | undefined> {
  const source = await openFile(join(ROOT, file));
  const dicom = await readDicom(source).catch(() => undefined);
  await source.close();
  if (!dicom) return undefined;
  const syntax = transferSyntax(dicom.transferSyntax)?.name ?? dicom.transferSyntax;
  try {
    const { frames } = await readPixels(file);
    const { shape, description, photometric } = frames;
    const what = `${shape.join(" × ")} ${description.type} ${photometric}`;
    const oracle = expected[file] ?? { error: "pydicom: no pixels" };
    const stored = storedOutcome(file, frames, oracle);
    const converted = stored === "equal" ? conversions(frames, dicom.dataSet, oracle) : "";
    return { file, syntax, what, stored, converted };
  } catch (error) {
    if (!(error instanceof RoentgenError)) throw error;
    const reason = error.message.replaceAll(`${ROOT}/${file}`, "it");
    const excused = !expected[file] || expected[file].error || ORACLE_WRONG[file];
    const stored = excused ? `error: ${reason}` : `DIFFERENT: ${reason}`;
    const remark = expected[file]?.error ?? ORACLE_WRONG[file] ?? "";
    return { file, syntax, what: "", stored, converted: remark && `(${remark})` };
  }
}

function storedOutcome(file: string, frames: Frames, oracle: Expected): string {
  if (hash(frames.data) === oracle.hash) return "equal";
  if (ORACLE_WRONG[file]) return `other, rightly: ${ORACLE_WRONG[file]}`;
  return oracle.error ? `read (pydicom: ${oracle.error})` : "DIFFERENT";
}

function hash(data: VoxelArray): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}

function conversions(frames: Frames, dataSet: DataSet, oracle: Expected): string {
  const said: string[] = [];
  const compare = (name: string, sampled: Sampled | undefined, ours: () => ArrayLike<number>) => {
    if (!sampled) return;
    if ("error" in sampled) said.push(`${name}: (pydicom: ${sampled.error})`);
    else said.push(`${name}: ${agreement(ours(), sampled)}`);
  };
  const values = () => valuesOf(frames, dataSet).data;
  compare("values", oracle.modality, values);
  compare("window", oracle.voi, () => windowed(frames, dataSet));
  compare("RGB", oracle.rgb, () => {
    const { data, photometric, description } = frames;
    return toRgb(data as ColorSamples, photometric, description.bitsStored);
  });
  if (oracle.palette) {
    const palette = paletteOf(dataSet);
    const same = palette && hash(applyPalette(frames.data, palette)) === oracle.palette.hash;
    said.push(same ? "palette: equal" : `palette: DIFFERENT ${oracle.palette.error ?? ""}`);
  }
  return said.join("; ");
}

/** pydicom's windows span what the stored bits can become; its tables give entries as they are. */
function windowed(frames: Frames, dataSet: DataSet): ArrayLike<number> {
  const { data } = valuesOf(frames, dataSet);
  const [voi] = voisOf(dataSet);
  if (!voi) return data;
  if (voi.kind === "table") return applyVoi(data, voi, { low: 0, high: 2 ** voi.table.bits - 1 });
  const ends = storedLimits(frames.description);
  const probe = { ...frames, frames: [0], data: Float64Array.from(ends) };
  const linear = valuesOf({ ...probe, shape: [1, 1, 2, 1] }, dataSet).data;
  return applyVoi(data, voi, { low: linear[0], high: linear[1] });
}

function agreement(ours: ArrayLike<number>, sampled: readonly number[]): string {
  const scale = Math.max(1, ...sampled.map(Math.abs));
  const most = sampled.reduce((worst, value, index) => {
    const at = Math.trunc((index * (ours.length - 1)) / (sampled.length - 1));
    return Math.max(worst, Math.abs(ours[at] - value));
  }, 0);
  if (most === 0) return "equal";
  return most <= 1e-6 * scale ? "equal within rounding" : `DIFFERENT by ${most}`;
}

function tableOf(
  outcomes: readonly Outcome[],
  series: ReadonlyMap<string, { equal: number }>,
): string {
  const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
  const rows = outcomes.map(
    ({ file, syntax, what, stored, converted }) =>
      `| ${[file, syntax, what, stored, converted].map(cell).join(" | ")} |`,
  );
  const tallies = [...series].map(
    ([folder, { equal }]) => `| ${folder} | ${equal} files, all equal |`,
  );
  return [
    "# What comes of every DICOM image in ../shared/data/dicom",
    "",
    "Compared with pydicom 2.3.1 and GDCM 3.0.21 (`expected/make-pixels.py`). Written by `pydicom-files.test.ts` (`vitest -u`).",
    "",
    "| file | transfer syntax | frames × rows × columns × samples | stored values | after rescale, window, colour |",
    "|---|---|---|---|---|",
    ...rows,
    "",
    "| series | stored values |",
    "|---|---|",
    ...tallies,
    "",
  ].join("\n");
}
