// roentgen phantom: scans that are drawn, with their truth, as a data set on disk.

import { type Command, Option } from "commander";
import { pictureOf } from "../imaging/index.ts";
import { type PhantomFormat, phantomFormats, phantomKinds, writePhantoms } from "../tasks/index.ts";
import {
  assignment,
  type CommonOptions,
  positiveWholeNumber,
  run,
  withCommonOptions,
} from "./command.ts";
import { withPicture } from "./inspected-scan.ts";
import { emit, say } from "./terminal.ts";

const EXAMPLE = `
roentgen phantom ct --count 20 --out ct-phantoms
roentgen phantom ct --count 1 --format dicom --set region=chest --set size=256 --out chest-ct
roentgen phantom ultrasound --count 100 --seed 7 --out ultrasound
`;

interface PhantomCommandOptions extends CommonOptions {
  count: number;
  out?: string;
  format?: PhantomFormat;
  set?: Record<string, unknown>;
  force?: boolean;
  picture?: string | false;
}

/** Says what the subcommand takes and does. */
export function define(command: Command): void {
  command
    .argument("<kind>", phantomKinds.join(", "))
    .option("--count <number>", "how many scans, each of its own patient", positiveWholeNumber, 10)
    .option("--out <folder>", "where to write (default: <kind>-phantoms)")
    .addOption(
      new Option(
        "--format <name>",
        "format of the images (default: nifti for volumes, png for films and frames)",
      ).choices(phantomFormats),
    )
    .option(
      "--set <name=value>",
      "an option of the kind, such as size=128; repeat for more",
      assignment,
    )
    .option("--force", "write into a folder that is there already")
    .option("--picture <file.png>", "write a picture of the first scan with its truth there")
    .option("--no-picture", "no picture");
  withCommonOptions(command, EXAMPLE).action((kind: string, options: PhantomCommandOptions) =>
    run(options, async (work) => {
      const { count, seed, format, set, force, out = `${kind}-phantoms` } = options;
      const written = await writePhantoms(kind, out, {
        ...{ count, seed, format, force, options: set },
        ...work,
      });
      const { first, ...plain } = written;
      const picture = pictureOf(first.image, { mask: first.mask });
      const shown = await withPicture(picture, `${out}/phantoms`, {
        ...options,
        picture: options.picture ?? (process.stdout.isTTY ? undefined : false),
      });
      if (options.json) return emit(JSON.stringify({ ...plain, picture: shown.path ?? null }));
      const diagnoses = Object.entries(written.diagnoses).map(([name, n]) => `${n} ${name}`);
      say(`${out}: ${count} × ${kind}, ${diagnoses.join(", ")}`);
      say(`  images/, masks/, manifest.csv, findings.json`);
      shown.say();
    }),
  );
}
