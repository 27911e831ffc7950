// Options of commands that read scans: what to do where a series is no even grid.

import { type Command, InvalidArgumentError, Option } from "commander";
import { RoentgenError } from "../base/index.ts";
import type { ConvertScanOptions } from "../tasks/index.ts";

export interface VolumeOptions {
  unevenSlices?: "refuse" | "resample";
  missingSlices?: "refuse" | "resample";
  tilt?: "refuse" | "resample";
  duplicateSlices?: "refuse" | "first";
  incomplete?: "refuse" | "drop";
  assumeThickness?: number;
  scaling?: "precise" | "display";
  pet?: "stored" | "suvbw";
}

/** Adds the choices that a DICOM series may need. */
export function addVolumeOptions(command: Command): void {
  const resample = ["refuse", "resample"];
  command
    .addOption(choice("--uneven-slices <what>", "slices at uneven distances", resample))
    .addOption(choice("--missing-slices <what>", "gaps between slices", resample))
    .addOption(choice("--tilt <what>", "a sheared stack, as of a tilted gantry", resample))
    .addOption(
      choice("--duplicate-slices <what>", "different slices at one place", ["refuse", "first"]),
    )
    .addOption(choice("--incomplete <what>", "time points that lack slices", ["refuse", "drop"]))
    .addOption(
      new Option("--pet <which>", "PET: values as stored, or standardised uptake values")
        .choices(["stored", "suvbw"])
        .default("stored"),
    )
    .addOption(
      new Option("--scaling <which>", "Philips MR: values of the scanner, or as for display")
        .choices(["precise", "display"])
        .default("precise"),
    )
    .option("--assume-thickness <mm>", "thickness of a single slice that states none", millimetres);
}

function choice(flags: string, description: string, choices: string[]): Option {
  return new Option(flags, description).choices(choices).default("refuse");
}

/** The choices under the names that the library gives them. */
export function volumeChoices(options: VolumeOptions): Partial<ConvertScanOptions> {
  return {
    onUnevenSlices: options.unevenSlices,
    onMissingSlices: options.missingSlices,
    onTilt: options.tilt,
    onDuplicateSlices: options.duplicateSlices,
    onIncomplete: options.incomplete,
    assumeThicknessMm: options.assumeThickness,
    scaling: options.scaling,
    pet: options.pet,
  };
}

/** The library's options, which its messages name, as this command takes them. */
const AS_OPTIONS: readonly (readonly [RegExp, string])[] = [
  [/onUnevenSlices: "(\w+)"/g, "--uneven-slices $1"],
  [/onMissingSlices: "(\w+)"/g, "--missing-slices $1"],
  [/onTilt: "(\w+)"/g, "--tilt $1"],
  [/onDuplicateSlices: "(\w+)"/g, "--duplicate-slices $1"],
  [/onIncomplete: "(\w+)"/g, "--incomplete $1"],
  [/scaling: "(\w+)"/g, "--scaling $1"],
  [/assumeThicknessMm/g, "--assume-thickness"],
  [/pet: "(\w+)"/g, "--pet $1"],
  [/Say which it is: CT or MR/g, "Say which it is: --modality CT or --modality MR"],
  [/Window or scale the values first/g, "Say with --window what is black and white"],
];

/** A message of the library in the words of the command line. */
export function inCommandWords(message: string): string {
  return AS_OPTIONS.reduce((text, [pattern, option]) => text.replace(pattern, option), message);
}

/** Runs work whose errors name options of the library. */
export async function withCommandWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RoentgenError) || !error.detail.remedy) throw error;
    throw new RoentgenError(error.code, {
      ...error.detail,
      remedy: inCommandWords(error.detail.remedy),
    });
  }
}

/** Two numbers with a comma between, the first the lower. */
export function windowRange(text: string): { low: number; high: number } {
  const [low, high, ...rest] = text.split(",").map(Number);
  if (rest.length === 0 && low < high && Number.isFinite(high - low)) return { low, high };
  throw new InvalidArgumentError("Give the lower and the higher value, such as -160,240.");
}

function millimetres(text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError("Give a thickness in mm, such as 5.");
}
