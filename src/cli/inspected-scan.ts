// Scans in words: a folder as a tree, one image with its grid, values and picture.

import { basename } from "node:path";
import { writeFileWhole } from "#files";
import { counted } from "../base/index.ts";
import { writePng } from "../formats/index.ts";
import type { Picture } from "../imaging/index.ts";
import {
  checkTarget,
  fourDigits,
  type InspectedListing,
  type InspectedScan,
  type InspectedSeries,
  sizeInWords,
} from "../tasks/index.ts";
import { histogramLine } from "./histogram-line.ts";
import { inCommandWords } from "./scan-options.ts";
import { heading, say, styled, warn } from "./terminal.ts";
import { pictureProtocol, terminalPicture } from "./terminal-picture.ts";

/** Notes, problems and files of one kind that are listed before the rest is counted. */
const MOST_LISTED = 20;

/** Says what an image is. */
export function sayScan({ name, format, summary, notes, header }: InspectedScan): void {
  say(`${printable(name)}: ${format}, ${sizeInWords(summary)}`);
  heading(header.SlideOrigin ? "Place on the slide" : "Place in the patient");
  if (Array.isArray(header.SlideOrigin)) sayPlaceOnSlide(header);
  else if (summary.origin && summary.direction) {
    say(`  orientation  ${summary.orientation} (where columns, rows and slices go to)`);
    say(`  origin       ${summary.origin.map(fourDigits).join(", ")} mm (LPS)`);
    const columns = [0, 1, 2].map((c) =>
      [0, 3, 6].map((r) => fourDigits(summary.direction?.[r + c] ?? 0)),
    );
    say(`  direction    ${columns.map((column) => `(${column.join(", ")})`).join(" ")}`);
  } else {
    say("  not known from this file");
  }
  heading("Values");
  sayValues(summary);
  sayHeader(header);
  sayNotes(notes);
}

function sayPlaceOnSlide({ SlideOrigin, SlideOrientation }: InspectedScan["header"]): void {
  const cosines = SlideOrientation as readonly number[];
  const axes = [cosines.slice(0, 3), cosines.slice(3)].map((axis) => axis.map(fourDigits));
  say(`  origin       ${(SlideOrigin as readonly number[]).join(", ")} mm`);
  say(`  direction    ${axes.map((axis) => `(${axis.join(", ")})`).join(" ")}`);
}

function sayValues({ type, unit, statistics, channels }: InspectedScan["summary"]): void {
  const names = channels.map((axis) => {
    const values = axis.values?.slice(0, 6).map(fourDigits).join(", ");
    const more = (axis.values?.length ?? 0) > 6 ? ", …" : "";
    return `${axis.size} ${axis.name}${values ? ` (${values}${more}${axis.unit ? ` ${axis.unit}` : ""})` : ""}`;
  });
  if (names.length > 0) say(`  channels     ${names.join(", ")}`);
  say(`  type         ${type}${unit ? `, ${unit}` : ""}`);
  if (!statistics) {
    say("  no finite value");
    return;
  }
  const { min, max, mean, sd, percentiles, histogram, notFinite } = statistics;
  const at = (percent: number) =>
    fourDigits(percentiles.find((one) => one.percent === percent)?.value ?? Number.NaN);
  say(`  range        ${fourDigits(min)} … ${fourDigits(max)}`);
  say(`  mean, sd     ${fourDigits(mean)}, ${fourDigits(sd)}`);
  say(
    `  percentiles  ${at(0.5)} (0.5 %), ${at(25)} (25 %), ${at(50)} (50 %), ${at(75)} (75 %), ${at(99.5)} (99.5 %)`,
  );
  if (histogram) say(`  histogram    ${histogramLine(histogram.counts)}`);
  if (notFinite > 0) say(`  not finite   ${notFinite}`);
}

/** What of a header people look for first; --json has all of it. */
const LOOKED_FOR = [
  "Modality",
  "Manufacturer",
  "ManufacturersModelName",
  "BodyPartExamined",
  "SeriesDescription",
  "ProtocolName",
  "MagneticFieldStrength",
  "EchoTime",
  "RepetitionTime",
  "InversionTime",
  "FlipAngle",
  "SliceThickness",
  "KVP",
  "ConvolutionKernel",
  "descrip",
] as const;

function sayHeader(header: InspectedScan["header"]): void {
  const fields = LOOKED_FOR.filter(
    (field) => ![undefined, null, ""].includes(header[field] as never),
  );
  if (fields.length === 0) return;
  heading("Acquisition");
  const width = Math.max(...fields.map((field) => field.length));
  for (const field of fields) say(`  ${field.padEnd(width)}  ${printable(String(header[field]))}`);
}

function sayNotes(notes: readonly string[]): void {
  if (notes.length === 0) return;
  heading("Notes");
  sayFirst(notes, (note) => say(`  ${printable(inCommandWords(note))}`), "notes");
}

function sayFirst<T>(items: readonly T[], sayOne: (item: T) => void, plural: string): void {
  for (const item of items.slice(0, MOST_LISTED)) sayOne(item);
  if (items.length > MOST_LISTED)
    say(`  … ${items.length - MOST_LISTED} more ${plural}; --json lists all`);
}

/** Says what a folder holds, as a tree whose images are numbered as `--volume` takes them. */
export function sayListing(listing: InspectedListing, isFolder: boolean): void {
  const { path, patients, files, problems, others } = listing;
  const images = files.length + patients.flatMap(seriesOf).flatMap((one) => one.images).length;
  say(`${path}: ${counted(patients.length, "patient")}, ${counted(images, "image")} to read`);
  for (const patient of patients) {
    say();
    say(
      styled(
        "bold",
        printable(
          `Patient ${patient.id || "without ID"}${patient.name ? ` (${patient.name})` : ""}`,
        ),
      ),
    );
    for (const [at, study] of patient.studies.entries()) {
      const [branch, trunk] = branchOf(at, patient.studies.length);
      say(
        `${branch} Study ${printable([isoDate(study.date), study.description].filter(Boolean).join(" ") || study.uid || "without UID")}`,
      );
      for (const [n, one] of study.series.entries()) {
        const [twig, stem] = branchOf(n, study.series.length);
        saySeries(one, { head: `${trunk}${twig}`, indent: `${trunk}${stem}` });
      }
    }
  }
  if (files.length > 0) {
    heading("Other images");
    sayFirst(
      files,
      ({ number, path: file, format }) => say(`  [${number}] ${printable(file)}  ${format}`),
      "files",
    );
  }
  if (problems.length > 0) {
    heading("Could not be read");
    sayFirst(problems, ({ sentence }) => say(`  ${printable(sentence)}`), "files");
  }
  if (others.length > 0)
    say(`\n${counted(others.length, "file")} ${others.length === 1 ? "is" : "are"} no images.`);
  if (images > 0)
    say(`\n\`roentgen inspect ${isFolder ? path : basename(path)} --volume N\` shows one of them.`);
}

function seriesOf({ studies }: InspectedListing["patients"][number]): readonly InspectedSeries[] {
  return studies.flatMap(({ series }) => series);
}

/** The branch to an entry of a tree, and what runs down beside all below it. */
function branchOf(at: number, count: number): [branch: string, trunk: string] {
  return at === count - 1 ? ["└─", "   "] : ["├─", "│  "];
}

function saySeries(
  { number, modality, description, images, objects }: InspectedSeries,
  { head, indent }: { head: string; indent: string },
): void {
  say(
    `${head} Series ${printable([number, modality, description].filter((part) => part !== undefined).join(" "))}`,
  );
  for (const { number: at, name, size, files, problems } of images) {
    const label = images.length > 1 ? `${printable(name)}: ` : "";
    const upTo = size.includes("images of") ? `–${at + files - 1}` : "";
    say(`${indent}[${at}${upTo}] ${label}${size}, ${counted(files, "file")}`);
    for (const problem of problems)
      say(`${indent}    ${styled("yellow", "!")} ${printable(inCommandWords(problem))}`);
  }
  if (objects > 0) say(`${indent}${counted(objects, "object")} without pixels`);
}

/** Text from headers and file names; what would steer the terminal is shown as �. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, "\u{fffd}");
}

function isoDate(date: string | undefined): string | undefined {
  return date?.replace(/^(\d{4})(\d{2})(\d{2})$/, "$1-$2-$3");
}

/** Where a picture went: into the terminal, or to a file. */
interface ShownPicture {
  readonly path?: string;
  say(): void;
}

/** Shows a picture in terminals that can; else, or where a name is given, writes it as a PNG. */
export async function withPicture(
  picture: Picture,
  source: string,
  options: { picture?: string | false; json?: boolean },
): Promise<ShownPicture> {
  if (options.picture === false) return { say() {} };
  const png = writePng({ ...picture, depth: 8 });
  const protocol = options.json
    ? undefined
    : pictureProtocol(Boolean(process.stdout.isTTY), process.env);
  if (protocol && options.picture === undefined) {
    const columns = process.stdout.columns ?? 80;
    return {
      say: () => process.stdout.write(`\n${terminalPicture(protocol, { picture, png, columns })}`),
    };
  }
  if (options.json && options.picture === undefined) return { say() {} };
  const path =
    options.picture ?? `${basename(source.replace(/[/\\]+$/, "")) || "scan"}.inspect.png`;
  // The default name is this command's own; any other may be somebody's file, the scan itself even.
  if (options.picture) await checkTarget(path, { force: false, inputs: [source] });
  await writeFileWhole(path, png);
  return { path, say: () => warn(`Picture: ${path}`) };
}
