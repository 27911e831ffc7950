// What a person sees: results on stdout; progress with rate and remaining time, warnings and errors on stderr.

import { styleText } from "node:util";
import type { ProgressListener, ProgressStep } from "../base/index.ts";
import { RoentgenError } from "../base/index.ts";

type Style = Parameters<typeof styleText>[0];

/** How often a line of progress appears where the output is no terminal. */
const PLAIN_INTERVAL_MS = 5000;
const TERMINAL_INTERVAL_MS = 100;

/** Text in a style where the stream is a terminal that shows colours. */
export function styled(
  style: Style,
  text: string,
  stream: NodeJS.WriteStream = process.stdout,
): string {
  return showsColours(stream) ? styleText(style, text, { validateStream: false } as never) : text;
}

function showsColours(stream: { isTTY?: boolean }): boolean {
  return Boolean(stream.isTTY) && !process.env.NO_COLOR && process.env.TERM !== "dumb";
}

/** Writes a line of a result for people. */
export function say(line = ""): void {
  clearProgress();
  process.stdout.write(`${line}\n`);
}

/** Writes data for machines. */
export function emit(text: string): void {
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

/** A heading above a block of lines. */
export function heading(text: string): void {
  say();
  say(styled("bold", text));
}

/** Writes something to look at, beside the result. */
export function warn(text: string): void {
  clearProgress();
  process.stderr.write(`${styled("yellow", "!", process.stderr)} ${text}\n`);
}

/** Columns under their headings; numbers are set to the right. */
export function sayTable(headings: readonly string[], rows: readonly (readonly string[])[]): void {
  const numeric = headings.map((_, column) =>
    rows.every((row) => /^[-−+\d.,%∞ –()NAna/]*$/.test(row[column])),
  );
  rows = rows.map((row) => row.map(oneLine));
  const widths = headings.map((title, column) =>
    Math.max(displayWidth(title), ...rows.map((row) => displayWidth(row[column]))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => {
        const space = " ".repeat(widths[column] - displayWidth(cell));
        return numeric[column] ? space + cell : cell + space;
      })
      .join("  ")
      .trimEnd();
  say(`  ${styled("dim", line(headings))}`);
  for (const row of rows) say(`  ${line(row)}`);
}

/** Names may hold line ends and other controls, which would break a table. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ");
}

function displayWidth(text: string): number {
  return [...text].length;
}

/** Lines at the bottom of the terminal that change. */
let liveLines = 0;

function clearProgress(): void {
  if (liveLines > 0) process.stderr.write(`\r\x1b[2K${"\x1b[1A\x1b[2K".repeat(liveLines - 1)}`);
  liveLines = 0;
}

/** Draws lines at the bottom of the terminal instead of those drawn before; whatever is said next takes their place. */
function drawLive(lines: readonly string[]): void {
  const columns = (process.stderr.columns ?? 80) - 1;
  clearProgress();
  process.stderr.write(lines.map((line) => [...line].slice(0, columns).join("")).join("\n"));
  liveLines = lines.length;
}

/** Draws a picture of work that goes on and a line below it on a terminal; elsewhere the line alone every few seconds. */
export function liveView(): (
  draw: () => { readonly picture: string; readonly line: string },
) => void {
  const terminal = Boolean(process.stderr.isTTY);
  let last = terminal ? Number.NEGATIVE_INFINITY : performance.now();
  return (draw) => {
    const now = performance.now();
    if (now - last < (terminal ? TERMINAL_INTERVAL_MS : PLAIN_INTERVAL_MS)) return;
    last = now;
    const { picture, line } = draw();
    if (terminal) drawLive(picture === "" ? [line] : [...picture.split("\n"), line]);
    else process.stderr.write(`${line}\n`);
  };
}

/** Writes a line beside the result that stays. */
export function note(text: string): void {
  clearProgress();
  process.stderr.write(`${text}\n`);
}

/** A listener that draws one changing line on a terminal, and elsewhere a plain line every few seconds. */
export function progressLine(): ProgressListener {
  let view = liveView();
  let stage = "";
  let started = 0;
  return (step) => {
    if (step.stage !== stage) {
      stage = step.stage;
      started = performance.now();
      view = liveView();
    }
    const seconds = (performance.now() - started) / 1000;
    view(() => ({ picture: "", line: describeProgress(step, seconds) }));
  };
}

/** "Growing trees: 45 % (90/200 trees, 3.1/s, 4.2 s left)". */
export function describeProgress(
  { stage, done, total, unit = "" }: ProgressStep,
  seconds: number,
): string {
  // Of some work nobody knows how much it is: a download whose server does not say.
  if (total <= 0) return `${stage}: ${done}${unit && ` ${unit}`}`;
  const share = Math.round((100 * done) / total);
  const rate = done / Math.max(seconds, 1e-3);
  const remaining = rate > 0 ? (total - done) / rate : Number.NaN;
  const counts = `${done}/${total}${unit && ` ${unit}`}`;
  const left =
    done > 0 && seconds > 1 ? `, ${rate.toPrecision(3)}/s, ${duration(remaining)} left` : "";
  return `${stage}: ${share} % (${counts}${left})`;
}

/** Seconds as a person says them. */
function duration(seconds: number): string {
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Prints an error as a sentence (with its stack only under --debug) and returns the exit code. */
export function reportError(error: unknown, { debug = false, json = false } = {}): 1 | 2 {
  clearProgress();
  const known = error instanceof RoentgenError;
  const message = error instanceof Error ? error.message : String(error);
  if (json) {
    const detail = known
      ? { code: error.code, ...error.detail, cause: undefined }
      : { code: "internal" };
    emit(JSON.stringify({ error: { ...detail, message } }));
  }
  process.stderr.write(`${styled("red", "Error:", process.stderr)} ${message}\n`);
  if (!known) {
    process.stderr.write(
      "This is a fault of Roentgen. Run again with --debug and report what it prints.\n",
    );
  }
  if (debug) process.stderr.write(`${describeStack(error)}\n`);
  return known && (error.code === "usage" || error.code === "bad-option") ? 2 : 1;
}

function describeStack(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause ? `\ncaused by ${describeStack(error.cause)}` : "";
  return `${error.stack}${cause}`;
}
