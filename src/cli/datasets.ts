// roentgen datasets: public data sets: what they are, how to get them, and what their folders hold.

import type { Command } from "commander";
import { RoentgenError, type WorkOptions } from "../base/index.ts";
import {
  type CaseDataset,
  downloadDataset,
  findPublicDataset,
  type ImageDataset,
  type PublicDataset,
  publicDatasets,
  readPublicCases,
  readPublicDataset,
  writeManifest,
} from "../datasets/index.ts";
import { assignment, type CommonOptions, run, withCommonOptions } from "./command.ts";
import { emit, heading, note, say, sayTable, warn } from "./terminal.ts";

const EXAMPLE = `
roentgen datasets
roentgen datasets chexpert
roentgen datasets pathmnist --download data --part 64
roentgen datasets chexpert --read CheXpert-v1.0-small --set uncertain=ones --out chexpert.csv
`;

interface DatasetsOptions extends CommonOptions {
  download?: string;
  part?: string;
  read?: string;
  cases?: boolean;
  out?: string;
  set?: Record<string, unknown>;
}

/** Says what the subcommand takes and does. */
export function define(command: Command): void {
  command
    .argument("[name]", "data set to show, download or read; all are listed without it")
    .option("--download <folder>", "download it there, if it lies openly on a server")
    .option("--part <name>", "part to download, such as the size 64 (default: the first)")
    .option("--read <folder>", "read the folder that it was downloaded to")
    .option("--cases", "of a data set that has both, read masks or marks instead of labels")
    .option("--set <name=value>", "an option of its reader; repeat for more", assignment)
    .option(
      "--out <file>",
      "write what was read as .csv, .tsv, .parquet, .arrow or .json (default: <name>.csv)",
    );
  withCommonOptions(command, EXAMPLE).action((name: string | undefined, options: DatasetsOptions) =>
    run(options, async (work) => {
      const dataset = name === undefined ? undefined : findPublicDataset(name);
      if (!dataset) return listAll(options);
      if (options.download !== undefined) return download(dataset, options, work);
      if (options.read !== undefined) return read(dataset, options, work);
      if (options.json) return emit(JSON.stringify(plain(dataset)));
      show(dataset);
    }),
  );
}

function listAll({ json, download, read }: DatasetsOptions): void {
  if (download !== undefined || read !== undefined) {
    throw new RoentgenError("usage", {
      problem: "Which data set is not said",
      remedy: "Name it: roentgen datasets <name>. Without a name they are listed.",
    });
  }
  if (json) {
    emit(JSON.stringify(publicDatasets.map(plain)));
    return;
  }
  sayTable(
    ["name", "access", "shows", "task"],
    publicDatasets.map(({ name, modality, region, task, access }) => [
      name,
      access,
      `${modality}, ${region}`,
      task,
    ]),
  );
  say();
  say("roentgen datasets <name> says more of one: licence, citation, how to get it.");
}

function show(dataset: PublicDataset): void {
  const { title, licence, citation, caveats = [], downloads = [] } = dataset;
  say(title);
  say(`  ${dataset.modality}, ${dataset.region}: ${dataset.size}`);
  say(`  ${dataset.task}`);
  heading("Licence");
  say(`  ${licence.name}${licence.url ? ` (${licence.url})` : ""}`);
  heading("Cite");
  say(`  ${cite(citation)}`);
  heading(`Get it (${dataset.access})`);
  say(`  ${dataset.url}`);
  for (const step of dataset.steps) say(`  ${step}`);
  if (downloads.length > 0) {
    const parts = downloads.map(({ name }) => name).join(", ");
    say(`  Or: roentgen datasets ${dataset.name} --download <folder>    (parts: ${parts})`);
  }
  heading("Layout");
  for (const line of dataset.layout) say(`  ${line}`);
  heading("Read it");
  say(`  roentgen datasets ${dataset.name} --read <folder> --out ${dataset.name}.csv`);
  for (const [name, meaning] of optionsOf(dataset)) say(`  --set ${name}=…: ${meaning}`);
  if (caveats.length > 0) heading("Mind");
  for (const caveat of caveats) say(`  ${caveat}`);
}

/** Names of the reader's options and what they mean. */
function optionsOf({ options }: PublicDataset): [string, string][] {
  const rules: Record<string, { description?: string }> = options.shape as object as never;
  return Object.entries(rules).map(([name, { description = "" }]) => [name, description]);
}

function cite({ authors, title, source, year, doi }: PublicDataset["citation"]): string {
  return `${authors.replace(/\.$/, "")}. ${title}. ${source}, ${year}.${doi ? ` doi:${doi}` : ""}`;
}

/** Without its functions. */
function plain({ options, readImages, readCases, ...facts }: PublicDataset) {
  return {
    ...facts,
    options: Object.keys(options.shape),
    reads: [...(readImages ? ["images"] : []), ...(readCases ? ["cases"] : [])],
  };
}

async function download(
  { name, steps }: PublicDataset,
  { download: folder = ".", part, json }: DatasetsOptions,
  work: WorkOptions,
): Promise<void> {
  const fetched = await downloadDataset(name, folder, { part }, work).catch((error) => {
    if (work.signal?.aborted) note("What came is kept; the same command continues it.");
    throw error;
  });
  if (json) return emit(JSON.stringify(fetched));
  for (const { path, byteLength, alreadyThere, checked } of fetched) {
    const size = `${(byteLength / 1e6).toFixed(1)} MB`;
    const sum = checked ? "checksum as expected" : "no checksum is known";
    say(`${path}: ${size}, ${alreadyThere ? "was there already, " : ""}${sum}`);
  }
  if (fetched.some(({ path }) => /\.(zip|tar)$/.test(path))) say(steps.at(-1));
}

async function read(
  dataset: PublicDataset,
  options: DatasetsOptions,
  work: WorkOptions,
): Promise<void> {
  const { read: folder = ".", cases, set, out = `${dataset.name}.csv`, json } = options;
  const asCases = cases || !dataset.readImages;
  const found = asCases
    ? await readPublicCases(dataset.name, folder, set, work)
    : await readPublicDataset(dataset.name, folder, set, work);
  await writeManifest(found, out);
  const { problems, notes } = found;
  if (json) return emit(JSON.stringify({ out, counts: countsOf(found), problems, notes }));
  say(`${out}: ${inWords(countsOf(found))}`);
  for (const line of notes) say(`  ${line}`);
  for (const { message, count, subjects } of problems) {
    warn(`${message} ${count}, such as ${subjects.slice(0, 3).join(", ")}`);
  }
}

/** How many there are, by side. */
function countsOf(found: ImageDataset | CaseDataset): Record<string, number> {
  const all = "cases" in found ? found.cases : found.samples;
  const counts: Record<string, number> = { ["cases" in found ? "cases" : "images"]: all.length };
  for (const { side } of all) if (side) counts[side] = (counts[side] ?? 0) + 1;
  const patients = new Set(all.flatMap(({ patient }) => patient ?? []));
  return { ...counts, ...(patients.size > 0 && { patients: patients.size }) };
}

function inWords(counts: Record<string, number>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count.toLocaleString("en-US")} ${name}`)
    .join(", ");
}
