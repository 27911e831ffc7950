// roentgen convert: scans, tables, arrays, weights and models from one format to another.

import { type Command, Option } from "commander";
import type { WorkOptions } from "../base/index.ts";
import { type WrittenModality, writtenModalities } from "../formats/index.ts";
import {
  type ConvertedFile,
  convertFile,
  convertScans,
  convertWeights,
  type FolderFormat,
  folderFormats,
  isScan,
  isWeightsConversion,
} from "../tasks/index.ts";
import { type CommonOptions, positiveWholeNumber, run, withCommonOptions } from "./command.ts";
import {
  addVolumeOptions,
  inCommandWords,
  type VolumeOptions,
  volumeChoices,
  windowRange,
  withCommandWords,
} from "./scan-options.ts";
import { emit, say, warn } from "./terminal.ts";

const EXAMPLE = `
roentgen convert dicom-folder/ nifti-folder/
roentgen convert dicom-folder/ brain.nii.gz --volume 2
roentgen convert brain.nii.gz dicom-folder/ --to dicom
roentgen convert film.dcm film.png --window 0,4095
roentgen convert seg.dcm seg.nii.gz --like image-folder/
roentgen convert features.mat features.npz
roentgen convert model.h5 model.onnx
roentgen convert resnet18.pth resnet18.safetensors
`;

interface ConvertOptions extends CommonOptions, VolumeOptions {
  force?: boolean;
  volume?: number;
  to?: FolderFormat;
  window?: { low: number; high: number };
  modality?: WrittenModality;
  patient: string;
  like?: string;
  layout?: "keras" | "channels-first";
  part?: string;
}

/** Says what the subcommand takes and does. */
export function define(command: Command): void {
  command
    .argument("<in>", "file, DICOM folder or zip to read")
    .argument("<out>", "file to write, or a folder for all images of the input")
    .option("--force", "replace existing files")
    .option(
      "--volume <number>",
      "which image of several, as `roentgen inspect` numbers them",
      positiveWholeNumber,
    )
    .addOption(
      new Option(
        "--to <format>",
        "format of the images in a folder (default: nifti, or dicom where the input is none)",
      ).choices(folderFormats),
    )
    .option(
      "--like <path>",
      "put DICOM segmentations on the grid of their image, which is in this file, folder or zip",
    )
    .option("--window <low,high>", "values that become black and white of 8 bits", windowRange)
    .addOption(
      new Option(
        "--modality <name>",
        "what a DICOM series is written as (default: as the .json beside the image says, CT for HU)",
      ).choices(writtenModalities),
    )
    .option("--patient <id>", "patient ID of a DICOM series that is written", "ANONYMOUS");
  command
    .addOption(
      new Option(
        "--layout <name>",
        "axes of the images that a converted Keras model takes and gives (default: keras, channels last)",
      ).choices(["keras", "channels-first"]),
    )
    .option("--part <name>", "which part of a checkpoint, such as optimizer");
  addVolumeOptions(command);
  withCommonOptions(command, EXAMPLE).action((from: string, to: string, options: ConvertOptions) =>
    run(options, async (work) => {
      if (await isWeightsConversion(from, to)) {
        return sayConverted(to, await convertWeights(from, to, options), options);
      }
      if (await isScan(from)) return convertImages(from, to, options, work);
      const converted = await convertFile(from, to, { ...work, force: options.force });
      sayConverted(to, converted, options);
    }),
  );
}

function sayConverted(to: string, { description, notes }: ConvertedFile, { json }: CommonOptions) {
  if (json) return emit(JSON.stringify({ out: to, description, notes }));
  for (const note of notes) say(note);
  say(`Wrote ${to}: ${description}`);
}

async function convertImages(
  from: string,
  to: string,
  options: ConvertOptions,
  work: WorkOptions,
): Promise<void> {
  const { volume, window, force, to: format } = options;
  const { modality, patient, like } = options;
  const series = { modality, patientId: patient };
  const chosen = {
    volume,
    window,
    force,
    to: format,
    series,
    like,
    ...volumeChoices(options),
    ...work,
  };
  const conversion = await withCommandWords(() => convertScans(from, to, chosen));
  if (options.json) emit(JSON.stringify(conversion));
  else {
    for (const { name, description, files, notes } of conversion.converted) {
      say(`${name}: ${description}`);
      say(
        files.length > 4
          ? `  wrote ${files.length} files, ${files[0]} …`
          : `  wrote ${files.join(", ")}`,
      );
      for (const note of notes) say(`  ${inCommandWords(note)}`);
    }
    for (const { name, problem } of conversion.leftOut) say(`${name}: ${inCommandWords(problem)}`);
    for (const { name, problem } of conversion.failed) warn(`${name}: ${inCommandWords(problem)}`);
  }
  // What could be converted was; that something could not be is still a failure.
  if (conversion.failed.length > 0) process.exitCode = 1;
}
