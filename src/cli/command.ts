// What every subcommand shares: common options, reading option values, running with Ctrl-C and exit codes.

import { type Command, InvalidArgumentError } from "commander";
import { RoentgenError, type WorkOptions } from "../base/index.ts";
import { progressLine, reportError } from "./terminal.ts";

/** Options that every command takes. */
export interface CommonOptions {
  json?: boolean;
  debug?: boolean;
  seed: number;
  threads?: number;
  device: string;
}

/** Adds the options that every command takes, and an example under the help. */
export function withCommonOptions(command: Command, example: string): Command {
  return command
    .option("--seed <number>", "seed of everything random", wholeNumber, 0)
    .option("--threads <number>", "threads to use (default: all cores)", positiveWholeNumber)
    .option("--device <name>", "auto or cpu: what models run on", device, "auto")
    .option("--json", "print the result as JSON on stdout")
    .option("--debug", "show the stack of an error")
    .addHelpText("after", `\nExample:\n${example.trim().replace(/^/gm, "  ")}\n`);
}

/**
 * Runs a subcommand's work: Ctrl-C cancels it, a second one ends the process at once,
 * and whatever goes wrong becomes a sentence and an exit code.
 */
export async function run<Options extends CommonOptions>(
  options: Options,
  work: (work: WorkOptions) => Promise<void>,
): Promise<void> {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(1);
    controller.abort();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  try {
    await work({
      signal: controller.signal,
      onProgress: options.json ? undefined : progressLine(),
      ...(options.threads ? { threads: options.threads } : {}),
    });
  } catch (error) {
    // Once cancelled, whatever failed on the way out is a consequence of that.
    const cause = controller.signal.aborted ? cancelled() : error;
    process.exitCode = reportError(cause, options);
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}

function cancelled(): RoentgenError {
  return new RoentgenError("cancelled", {
    problem: "Cancelled; nothing half-written was left behind",
  });
}

export function wholeNumber(text: string): number {
  return wholeNumberFrom(0, text);
}

export function positiveWholeNumber(text: string): number {
  return wholeNumberFrom(1, text);
}

function wholeNumberFrom(least: number, text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError(`Give a whole number of at least ${least}.`);
}

/** A number above 0. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) {
    throw new InvalidArgumentError("Give a number above 0, such as 0.001.");
  }
  return value;
}

/** A fraction between 0 and 1, both excluded. */
export function fraction(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1))
    throw new InvalidArgumentError("Give a fraction between 0 and 1, such as 0.2.");
  return value;
}

/** Names separated by commas. */
export function names(text: string, previous: string[] = []): string[] {
  return [
    ...previous,
    ...text
      .split(",")
      .map((name) => name.trim())
      .filter(Boolean),
  ];
}

/** `name=value` pairs, values read as JSON where they are JSON. */
export function assignment(
  text: string,
  previous: Record<string, unknown> = {},
): Record<string, unknown> {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("Give name=value, such as trees=500.");
  return { ...previous, [text.slice(0, at)]: jsonOrText(text.slice(at + 1)) };
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function device(text: string): string {
  if (text === "auto" || text === "cpu") return text;
  throw new InvalidArgumentError("Give auto or cpu.");
}
