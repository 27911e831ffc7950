// Converts a folder by dcm2niix and holds what comes out to what we read: voxels, and where they are.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { openFile } from "../../../../src/base/files-node.ts";
import { type Image, RoentgenError } from "../../../../src/base/index.ts";
import {
  type DicomEntry,
  listDicom,
  listedEntries,
  readImages,
  readNifti,
  readSlide,
  readVolume,
} from "../../../../src/formats/index.ts";
import { type Agreement, compareImages } from "./reference-images.ts";

export interface Row {
  readonly set: string;
  /** Series instance UID and what dcm2niix adds to it. */
  readonly reference: string;
  readonly outcome: string;
  /** Name of our file, or of the first of our files, that comes closest. */
  readonly ours?: string;
  readonly agreement?: Agreement;
}

/** The version that is installed, if any. */
export function dcm2niixVersion(): string | undefined {
  const { stdout } = spawnSync("dcm2niix", ["--version"], { encoding: "utf8" });
  return stdout?.trim().split("\n").at(-1);
}

/** One row for each NIfTI that dcm2niix makes of the folder. */
export async function compareSet(set: string, folder: string): Promise<Row[]> {
  const out = mkdtempSync(join(tmpdir(), "roentgen-dcm2niix-"));
  // Its exit code is not 0 where one file of many could not be converted.
  spawnSync("dcm2niix", ["-b", "n", "-z", "n", "-f", "%j", "-d", "9", "-o", out, folder]);
  const entries = listedEntries(await listDicom(folder));
  const rows: Row[] = [];
  for (const name of readdirSync(out).sort()) {
    const stem = name.replace(/\.nii$/, "");
    const uid = entries
      .map(({ series }) => series.uid ?? "-")
      .filter((one) => stem.startsWith(one))
      .reduce((longest, one) => (one.length > longest.length ? one : longest), "");
    const own = entries.filter(({ series }) => series.uid === uid);
    const reference = await readReference(join(out, name));
    rows.push({
      ...{ set, reference: stem },
      ...(typeof reference === "string" ? { outcome: reference } : await nearest(own, reference)),
    });
  }
  rmSync(out, { recursive: true, force: true });
  return rows;
}

/** The NIfTI, or why its place is not one that we take. */
async function readReference(path: string): Promise<Image | string> {
  const source = await openFile(path);
  try {
    return (await readNifti(source)).image;
  } catch (error) {
    if (!(error instanceof RoentgenError)) throw error;
    return `the reference has ${error.detail.found}`;
  } finally {
    await source.close();
  }
}

/** What of a series comes closest to the reference. */
async function nearest(
  entries: readonly DicomEntry[],
  reference: Image,
): Promise<Pick<Row, "outcome" | "ours" | "agreement">> {
  let best: { ours: string; agreement: Agreement } | undefined;
  const problems = new Set<string>();
  for (const entry of entries) {
    try {
      for (const { name, image } of await imagesOf(entry)) {
        const agreement = compareImages(image, reference);
        if (typeof agreement === "string") problems.add(agreement);
        else if (!best || penalty(agreement) < penalty(best.agreement)) {
          best = { ours: basename(name), agreement };
        }
      }
    } catch (error) {
      if (!(error instanceof RoentgenError)) throw error;
      problems.add(error.message.replaceAll(/\S*\//g, ""));
    }
  }
  if (best) return { outcome: outcomeOf(best.agreement), ...best };
  return { outcome: [...problems].join(" | ") || "no volume or image of this series" };
}

async function imagesOf(entry: DicomEntry): Promise<{ name: string; image: Image }[]> {
  if (entry.kind === "images") return readImages(entry);
  if (entry.kind === "slide") return [await readSlide(entry)];
  const [{ name }] = entry.files;
  return [{ name, image: (await readVolume(entry)).image }];
}

function penalty({ worstMm = 0, worstDifference }: Agreement): number {
  return worstDifference + worstMm;
}

function outcomeOf({ worstMm, worstDifference, largest }: Agreement): string {
  const values = worstDifference <= 2e-6 * largest ? "equal values" : "other values";
  const places =
    worstMm === undefined ? "no place" : worstMm < 1e-3 ? "same places" : "other places";
  return `${values}, ${places}`;
}
