// The roentgen command: finds the subcommand and turns wrong usage into exit code 2.

import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { addConvert } from "./convert.ts";
import { addDemo } from "./demo.ts";
import { addEvaluate } from "./evaluate.ts";
import { addInspect } from "./inspect.ts";
import { addPredict } from "./predict.ts";
import { addSummary } from "./summary.ts";
import { addTrain } from "./train.ts";

const INTRODUCTION = `Machine learning for medical imaging, from measurements to a model you can trust.

New here? \`roentgen demo\` trains on data that it makes itself and ends with a report.`;

/** Runs the command line `roentgen …args`. */
export async function main(args: readonly string[]): Promise<void> {
  // A reader that stops early (`| head`) is no fault.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  const program = createProgram();
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  }
}

function createProgram(): Command {
  const program = new Command("roentgen")
    .description(INTRODUCTION)
    .version(packageVersion(), "-V, --version")
    .showHelpAfterError("(roentgen <command> --help shows what it takes)")
    .showSuggestionAfterError()
    .exitOverride();
  for (const add of [
    addTrain,
    addEvaluate,
    addPredict,
    addInspect,
    addSummary,
    addConvert,
    addDemo,
  ]) {
    add(program);
  }
  for (const command of program.commands)
    command.exitOverride().showHelpAfterError("(--help shows what it takes)");
  return program;
}

function packageVersion(): string {
  const path = new URL("../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
}
