// The demo: lesions that Roentgen draws, measures and learns to tell apart.

import { writeFileWhole } from "#files";
import type { WorkOptions } from "../../base/index.ts";
import { lesionTable } from "../../datasets/index.ts";
import { writeCsv } from "../../formats/index.ts";
import { type SavedTraining, saveTraining } from "./save.ts";

export interface DemoOptions {
  /** Patients to draw, with one to three lesions each. */
  readonly patients?: number;
  readonly seed?: number;
}

/**
 * Draws lesions of patients at two sites, writes their measurements to `lesions.csv` in the folder, and trains
 * a forest on them. An earlier demo in that folder is replaced.
 */
export async function saveDemo(
  folder: string,
  { patients = 300, seed = 0 }: DemoOptions = {},
  work: WorkOptions = {},
): Promise<Omit<SavedTraining, "files"> & { files: SavedTraining["files"] & { data: string } }> {
  const data = `${folder}/lesions.csv`;
  work.onProgress?.({ stage: "Drawing lesions", done: 0, total: patients, unit: "patients" });
  await writeFileWhole(data, writeCsv(lesionTable({ patients, seed })));
  const saved = await saveTraining(
    folder,
    {
      data,
      target: "diagnosis",
      group: "patient_id",
      subgroups: ["site"],
      // The true diameter is what the drawing started from, not a measurement.
      drop: ["diameter_mm"],
      model: "forest",
      test: 0.3,
      seed,
    },
    { ...work, force: true },
  );
  return { ...saved, files: { ...saved.files, data } };
}
