// The roentgen command: finds the subcommand and turns wrong usage into exit code 2.

import { Command, CommanderError } from "commander";
import { version } from "../base/index.ts";

const INTRODUCTION = `Machine learning for medical imaging, from measurements to a model you can trust.

New here? \`roentgen demo\` trains on data that it makes itself and ends with a report.`;

/** Subcommands in the order of the help; only the one asked for is loaded. */
const commands = {
  train: {
    description:
      "Learn from a table or a folder of images, judge the model on what was held out, write a report.",
    load: () => import("./train.ts"),
  },
  evaluate: {
    description: "Judge a trained model on data that it has not seen.",
    load: () => import("./evaluate.ts"),
  },
  predict: {
    description: "Predict rows of tables, or images, with a trained model.",
    load: () => import("./predict.ts"),
  },
  explain: {
    description: "Show where a model of images looks: pictures with the evidence, and a listing.",
    load: () => import("./explain.ts"),
  },
  inspect: {
    description:
      "Show what is in a scan, a folder of scans or a data file: place, values, picture, columns.",
    load: () => import("./inspect.ts"),
  },
  summary: {
    description: "Show what a model is made of: inputs, outputs, operators, parameters, figures.",
    load: () => import("./summary.ts"),
  },
  convert: {
    description:
      "Convert scans, tables, arrays or networks to the format that the second name's ending says.",
    load: () => import("./convert.ts"),
  },
  datasets: {
    description:
      "List public data sets: licence, citation, how to get them; download and read them.",
    load: () => import("./datasets.ts"),
  },
  phantom: {
    description: "Draw scans with their truth: chest X-ray, CT, brain MRI or ultrasound.",
    load: () => import("./phantom.ts"),
  },
  demo: {
    description:
      "Draw lesions, measure them, learn benign from malignant, and report how far to trust it.",
    load: () => import("./demo.ts"),
  },
} as const;

/** Runs the command line `roentgen …args`. */
export async function main(args: readonly string[]): Promise<void> {
  endQuietlyWithReaders();
  try {
    const program = await createProgram(args);
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  }
}

/** A reader of results that stops early (`| head`) is no fault; one of messages must not end the work. */
function endQuietlyWithReaders(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  process.stderr.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command("roentgen")
    .description(INTRODUCTION)
    .version(version, "-V, --version")
    .showHelpAfterError("(roentgen <command> --help shows what it takes)")
    .showSuggestionAfterError()
    .exitOverride();
  for (const [name, { description, load }] of Object.entries(commands)) {
    const command = program
      .command(name)
      .description(description)
      .exitOverride()
      .showHelpAfterError("(--help shows what it takes)");
    if (args.includes(name)) (await load()).define(command);
  }
  return program;
}
