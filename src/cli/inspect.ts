// roentgen inspect: what is in a file or folder: scans with a picture, tables with histograms.

import type { Command } from "commander";
import { pathKind } from "#files";
import type { WorkOptions } from "../base/index.ts";
import {
  bundleKind,
  inspectFile,
  inspectScans,
  inspectWeights,
  isScan,
  isWeights,
} from "../tasks/index.ts";
import { type CommonOptions, positiveWholeNumber, run, withCommonOptions } from "./command.ts";
import { sayData } from "./inspected-data.ts";
import { sayListing, sayScan, withPicture } from "./inspected-scan.ts";
import { sayWeights } from "./inspected-weights.ts";
import {
  addVolumeOptions,
  type VolumeOptions,
  volumeChoices,
  windowRange,
  withCommandWords,
} from "./scan-options.ts";
import { saySummary } from "./summary.ts";
import { emit } from "./terminal.ts";

const EXAMPLE = `
roentgen inspect brain.nii.gz
roentgen inspect dicom-folder/
roentgen inspect dicom-folder/ --volume 2 --picture series2.png
roentgen inspect patients.csv
roentgen inspect resnet18.pth
`;

interface InspectOptions extends CommonOptions, VolumeOptions {
  volume?: number;
  picture?: string | false;
  window?: { low: number; high: number };
  part?: string;
}

/** Says what the subcommand takes and does. */
export function define(command: Command): void {
  command
    .argument(
      "<path>",
      "an image, a DICOM file, a folder or zip of them, any data file, or weights of a network, or a bundle",
    )
    .option(
      "--volume <number>",
      "which image of several, as a folder's tree numbers them",
      positiveWholeNumber,
    )
    .option(
      "--picture <file.png>",
      "write the picture there (by default it is shown in terminals that can, else written beside the work as <name>.inspect.png)",
    )
    .option("--no-picture", "no picture")
    .option(
      "--window <low,high>",
      "values shown as black and white, such as -160,240",
      windowRange,
    );
  command.option("--part <name>", "which part of a checkpoint, such as optimizer");
  addVolumeOptions(command);
  withCommonOptions(command, EXAMPLE).action((path: string, options: InspectOptions) =>
    run(options, async (work) => {
      if ((await pathKind(path)) === "file" && (await bundleKind(path))) {
        return saySummary(path, options);
      }
      if (await isScan(path)) return inspectScan(path, options, work);
      if (await isWeights(path)) {
        const weights = await inspectWeights(path, { part: options.part });
        return options.json ? emit(JSON.stringify(weights)) : sayWeights(path, weights);
      }
      const inspected = await inspectFile(path, work);
      if (options.json) return emit(JSON.stringify(inspected));
      sayData(path, inspected);
    }),
  );
}

async function inspectScan(
  path: string,
  options: InspectOptions,
  work: WorkOptions,
): Promise<void> {
  const { volume, window } = options;
  const chosen = { volume, window, ...volumeChoices(options), ...work };
  const inspected = await withCommandWords(() => inspectScans(path, chosen));
  if (inspected.kind === "listing") {
    if (options.json) return emit(JSON.stringify(inspected));
    return sayListing(inspected, (await pathKind(path)) === "folder");
  }
  const { picture, ...plain } = inspected;
  const shown = await withPicture(picture, path, options);
  if (options.json) return emit(JSON.stringify({ ...plain, picture: shown.path ?? null }));
  sayScan(inspected);
  shown.say();
}
