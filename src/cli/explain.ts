// roentgen explain: where an image model looks, as pictures and a listing.

import { type Command, Option } from "commander";
import { counted } from "../base/index.ts";
import { type ColourMap, colourMaps } from "../explain/index.ts";
import { type ExplanationWay, explainImageFiles, explanationWays } from "../tasks/index.ts";
import { type CommonOptions, fraction, run, wholeNumber, withCommonOptions } from "./command.ts";
import { emit, note } from "./terminal.ts";
import { reportUnreadable } from "./unreadable-images.ts";

const EXAMPLE = `
roentgen explain run films/ --out where
roentgen explain run film.png --nearest 5 --out where
roentgen explain model.roentgen chest.dcm --class pneumonia --way occlusion --out where > where.csv
`;

interface ExplainOptions extends CommonOptions {
  out: string;
  way: ExplanationWay;
  class?: string;
  colours: ColourMap;
  opacity: number;
  nearest?: number;
  check?: boolean;
  force?: boolean;
}

/** Says what the subcommand takes and does. */
export function define(command: Command): void {
  command
    .argument("<model>", "run folder or .roentgen bundle of a model of images")
    .argument("<images...>", "files (PNG, JPEG, DICOM, NIfTI and others) or folders of them")
    .requiredOption("--out <folder>", "where the pictures go")
    .addOption(new Option("--way <name>", "how").choices(explanationWays).default("grad-cam"))
    .option("--class <name>", "the class to explain (default: what is predicted of each image)")
    .addOption(
      new Option("--colours <name>", "of the evidence").choices(colourMaps).default("inferno"),
    )
    .option("--opacity <part>", "of the largest evidence, between 0 and 1", fraction, 0.6)
    .option(
      "--nearest <number>",
      "name so many of the nearest images learnt from; the model must be a run folder",
      wholeNumber,
    )
    .option("--check", "say whether the maps hang on what was learnt")
    .option("--force", "replace existing pictures");
  withCommonOptions(command, EXAMPLE).action(
    (
      model: string,
      images: string[],
      { class: explained, device, json, ...options }: ExplainOptions,
    ) =>
      run({ ...options, device, json }, async (work) => {
        const found = await explainImageFiles(model, images, {
          ...work,
          ...{ ...options, explained, device: device === "cpu" ? "cpu" : "auto" },
        });
        const { csv, check } = found;
        if (json) emit(JSON.stringify({ images: found.images, ...(check && { check }) }));
        else emit(csv());
        note(`Wrote ${counted(found.images.length, "picture")} to ${options.out}`);
        if (check) note(check.reason);
        reportUnreadable(found.unreadable, { read: found.images.length, done: "explained" });
      }),
  );
}
