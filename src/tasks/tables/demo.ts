// The demo: lesions that Roentgen draws, measures and learns to tell apart.

import { pathKind, writeFileWhole } from "#files";
import { RoentgenError } from "../../base/index.ts";
import { lesionTable } from "../../datasets/index.ts";
import { writeCsv } from "../../formats/index.ts";
import { readRun } from "../../study/index.ts";
import { type SavedTraining, type SaveOptions, saveTraining } from "./save.ts";

const DATA = "lesions.csv";

export interface DemoOptions {
  /** Patients to draw, with one to three lesions each. */
  readonly patients?: number;
  readonly seed?: number;
}

/**
 * Draws lesions of patients at two sites, writes their measurements to `lesions.csv` in the folder, and trains
 * a forest on them. An earlier demo in that folder is replaced.
 * @throws RoentgenError "write-failed" where the folder holds something else
 */
export async function saveDemo(
  folder: string,
  { patients = 300, seed = 0 }: DemoOptions = {},
  work: Omit<SaveOptions, "force"> = {},
): Promise<Omit<SavedTraining, "files"> & { files: SavedTraining["files"] & { data: string } }> {
  const data = `${folder}/${DATA}`;
  const repeated = await holdsDemo(folder);
  if (!repeated) await refuseToReplace(data);
  work.onProgress?.({ stage: "Drawing lesions", done: 0, total: patients, unit: "patients" });
  await writeFileWhole(data, writeCsv(lesionTable({ patients, seed })));
  const saved = await saveTraining(
    folder,
    {
      data,
      target: "diagnosis",
      group: "patient_id",
      subgroups: ["site"],
      // The true diameter is what the drawing started from, and the site is no property of a lesion.
      drop: ["diameter_mm", "site"],
      model: "forest",
      test: 0.3,
      seed,
    },
    { ...work, force: repeated },
  );
  return { ...saved, files: { ...saved.files, data } };
}

/** Whether the folder holds an earlier demo: a run that learnt from the lesions beside it. */
async function holdsDemo(folder: string): Promise<boolean> {
  const earlier = await readRun(folder).catch(() => undefined);
  return String(earlier?.settings.data ?? "").endsWith(`/${DATA}`);
}

async function refuseToReplace(path: string): Promise<void> {
  if ((await pathKind(path)) === "none") return;
  throw new RoentgenError("write-failed", {
    problem: `There is a file at ${path} that no demo wrote`,
    remedy: "Choose another --out.",
    subject: path,
  });
}
