// roentgen predict: a trained model's predictions for new rows or images, as CSV or JSON.

import type { Command } from "commander";
import { RoentgenError, type WorkOptions } from "../base/index.ts";
import { bundleKind, predictImageFiles } from "../tasks/predict-images.ts";
import { type CommonOptions, run, withCommonOptions } from "./command.ts";
import { emit, say, warn } from "./terminal.ts";
import { reportUnreadable } from "./unreadable-images.ts";

const EXAMPLE = `
roentgen predict run new-patients.csv > predictions.csv
roentgen predict model.roentgen features.npy --out predictions.csv
roentgen predict model.roentgen films/ chest.dcm --overlays looked-at > predictions.csv
`;

interface PredictOptions extends CommonOptions {
  out?: string;
  overlays?: string;
  force?: boolean;
}

/** Says what the subcommand takes and does. */
export function define(command: Command): void {
  command
    .argument("<model>", "run folder or .roentgen bundle")
    .argument(
      "<data...>",
      "tables or features with the columns that the model was trained on; of a model of images files (PNG, JPEG, DICOM, NIfTI and others) or folders of them",
    )
    .option("--out <file>", "write a table (.csv .tsv .parquet .arrow) instead of CSV to stdout")
    .option("--overlays <folder>", "of images: write pictures of what the model looked at")
    .option("--force", "replace existing files");
  withCommonOptions(command, EXAMPLE).action(
    (model: string, data: string[], options: PredictOptions) =>
      run(options, async (work) => {
        if ((await bundleKind(model)) === "image") return predictImages(model, data, options, work);
        refuseOverlays(options);
        const { predictTables } = await import("../tasks/index.ts");
        const { csv, rows, notes } = await predictTables(model, data, {
          ...work,
          out: options.out,
          force: options.force,
        });
        for (const note of notes) warn(note);
        if (options.json) emit(JSON.stringify(rows()));
        else if (options.out) say(`Wrote ${options.out}`);
        else emit(csv());
      }),
  );
}

async function predictImages(
  model: string,
  data: string[],
  { out, overlays, force, json, device }: PredictOptions,
  work: WorkOptions,
): Promise<void> {
  const predicted = await predictImageFiles(model, data, {
    ...work,
    ...{ out, overlays, force },
    device: device === "cpu" ? "cpu" : "auto",
  });
  for (const note of predicted.notes) warn(note);
  if (json) emit(JSON.stringify(predicted.rows()));
  else if (out) say(`Wrote ${out}`);
  else emit(predicted.csv());
  reportUnreadable(predicted.unreadable, { read: predicted.paths.length, done: "predicted" });
}

function refuseOverlays({ overlays }: PredictOptions): void {
  if (overlays === undefined) return;
  throw new RoentgenError("usage", {
    problem: "The option --overlays is for models of images",
    found: "a model of tables",
    remedy: "Leave it out.",
    subject: "overlays",
  });
}
