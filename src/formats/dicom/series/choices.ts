// What to do with a volume that is not sound: refuse it, or what the caller chose instead.

import { number, oneOf, parameters, RoentgenError, type SettingsOf } from "../../../base/index.ts";
import type { ProblemKind, VolumeProblem } from "./problems.ts";
import type { DicomVolume } from "./volume-entry.ts";

export const volumeParameters = parameters({
  onUnevenSlices: oneOf("refuse", "resample")
    .default("refuse")
    .describe(
      "slices at uneven distances: refuse, or interpolate onto an even grid (labels by the nearest)",
    ),
  onMissingSlices: oneOf("refuse", "resample")
    .default("refuse")
    .describe("gaps between slices: refuse, or interpolate the missing ones"),
  onTilt: oneOf("refuse", "resample")
    .default("refuse")
    .describe(
      "slices shifted in their plane, as by a tilted gantry: refuse, or interpolate onto an upright grid",
    ),
  onDuplicateSlices: oneOf("refuse", "first")
    .default("refuse")
    .describe(
      "slices at one place with different content: refuse, or take the first by instance number",
    ),
  onIncomplete: oneOf("refuse", "drop")
    .default("refuse")
    .describe("time points or b-values that lack slices: refuse, or leave them out"),
  assumeThicknessMm: number({ above: 0 })
    .optional()
    .describe("thickness in mm of a single slice whose file states none"),
  pet: oneOf("stored", "suvbw")
    .default("stored")
    .describe("PET: values as stored, or standardised uptake values by body weight"),
  scaling: oneOf("precise", "display")
    .default("precise")
    .describe(
      "Philips MR: values of the scanner, comparable between scans, or as rescaled for display",
    ),
});

export type VolumeSettings = SettingsOf<typeof volumeParameters>;

interface Choice {
  readonly option: keyof VolumeSettings;
  readonly instead: string;
  readonly remedy: string;
}

const CHOICES: Partial<Record<ProblemKind, Choice>> = {
  gap: {
    option: "onMissingSlices",
    instead: "resample",
    remedy: "Find the missing files, or interpolate them",
  },
  uneven: {
    option: "onUnevenSlices",
    instead: "resample",
    remedy: "Interpolate onto an even grid",
  },
  tilt: { option: "onTilt", instead: "resample", remedy: "Interpolate onto an upright grid" },
  incomplete: { option: "onIncomplete", instead: "drop", remedy: "Leave out what is not whole" },
  duplicate: { option: "onDuplicateSlices", instead: "first", remedy: "Take the first of each" },
};

/**
 * Refuses a volume with problems for which the caller did not choose another way.
 * @returns whether its slices have to be resampled
 * @throws RoentgenError "value-invalid" with the problem and the option that helps
 */
export function settleProblems(volume: DicomVolume, settings: VolumeSettings): boolean {
  let resample = false;
  for (const problem of volume.problems) {
    // Whether slices at one place differ shows when pixels are there.
    if (problem.kind === "duplicate") continue;
    if (problem.kind === "unplaced") {
      if (settings.assumeThicknessMm === undefined) throw unplaced(volume, problem);
      continue;
    }
    const choice = CHOICES[problem.kind] as Choice;
    if (settings[choice.option] === "refuse") throw refusal(volume, problem);
    resample ||= problem.kind !== "incomplete";
  }
  return resample;
}

/** The error for a problem that can be settled by an option. */
export function refusal(volume: DicomVolume, problem: VolumeProblem): RoentgenError {
  const { option, instead, remedy } = CHOICES[problem.kind] as Choice;
  return new RoentgenError("value-invalid", {
    problem: `${volumeName(volume)} is no even grid: ${decapitalise(problem.sentence)}`,
    remedy: `${remedy} with ${option}: "${instead}".`,
    subject: option,
  });
}

function unplaced(volume: DicomVolume, problem: VolumeProblem): RoentgenError {
  return new RoentgenError("value-missing", {
    problem: `The geometry of ${volumeName(volume)} is not proven: ${decapitalise(problem.sentence)}`,
    remedy: "Say how thick the slice is with assumeThicknessMm.",
    subject: "assumeThicknessMm",
  });
}

/** Series and what sets the volume apart in it, for messages. */
function volumeName({ series, apart }: Pick<DicomVolume, "series" | "apart">): string {
  const name = [series.number, series.description].filter((part) => part !== undefined).join(" ");
  const traits = Object.entries(apart).map(([trait, value]) => `${trait} ${value}`);
  return [`Series ${name || series.uid}`, ...traits].join(", ");
}

function decapitalise(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/\.$/, "");
}
