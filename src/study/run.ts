// The folder of a run: what was asked (config.json), found (metrics.json, predictions.csv, report.html),
// learnt (model.roentgen) and when what happened (log.jsonl).

import {
  appendToFile,
  checkWritable,
  makeFolder,
  pathKind,
  readFileBytes,
  removeFile,
  writeFilesWhole,
} from "#files";
import { RoentgenError } from "../base/index.ts";
import { stableJson, stableJsonLine } from "./json.ts";
import { describeProvenance, type Provenance } from "./provenance.ts";
import { runFiles } from "./run-files.ts";

type RunFile = keyof typeof runFiles;

/** Paths of what a training wrote, by what it is. */
export type RunPaths = Readonly<
  Record<Exclude<RunFile, "trainingImages">, string> & Partial<Record<RunFile, string>>
>;

/** What a run is of, and whether it may replace another. */
export interface RunOptions {
  /** Everything that was asked, defaults included: given again, it gives the same run. Plain JSON. */
  config: Readonly<Record<string, unknown>>;
  provenance?: Provenance;
  /** Whether a finished run in the same folder may be replaced. The same run done again always may. */
  force?: boolean;
}

/** What a run found. Each is optional: a comparison trains no model. */
export interface RunResults {
  /** If it is known only now, since data were still to be read when the run was opened. */
  provenance?: Provenance;
  /** Plain JSON without times or paths, so that equal runs write equal files. */
  metrics?: unknown;
  /** CSV text. */
  predictions?: string;
  /** HTML text. */
  report?: string;
  /** A bundle as `writeBundle` makes it. */
  bundle?: Uint8Array;
  /** The bundle's ONNX model as a file of its own, for programs that know no bundles. */
  model?: Uint8Array;
  /** Which images were learnt from, for a model of images. */
  trainingImages?: Uint8Array;
}

/** A run folder that is being filled. */
export interface Run {
  readonly folder: string;
  /** Adds a line to log.jsonl: the time, the event, and details as plain JSON. */
  log(event: string, details?: Readonly<Record<string, unknown>>): Promise<void>;
  /**
   * Writes config.json and the results: all of them, or, if one can't be written, none.
   * Results of the run that was there before and that this one lacks are removed, never any other file.
   * Returns the paths of the results that it was given, and of the log.
   */
  finish(results: RunResults): Promise<RunPaths>;
}

/**
 * Opens a run folder, making it if need be, and finds out whether it can be written before work starts.
 * Nothing but the log is written until the run is finished.
 * @throws RoentgenError "write-failed" if, without `force`, the folder holds a finished run with other settings or
 *   data, or files of such names that no run wrote
 */
export async function openRun(
  folder: string,
  { config, provenance, force = false }: RunOptions,
): Promise<Run> {
  const present = await filesInTheWay(folder);
  const replaces = present.length > 0;
  if (replaces && !force) await checkSameRun(folder, present, { config, provenance });
  await makeFolder(folder);
  checkWritable(folder);

  const log: Run["log"] = (event, details = {}) =>
    appendToFile(
      `${folder}/${runFiles.log}`,
      stableJsonLine({ time: new Date().toISOString(), event, ...details }),
    );

  await log("started");
  return {
    folder,
    log,
    async finish(results) {
      const texts = contents(
        results,
        stableJson({
          schemaVersion: 1,
          settings: config,
          provenance: results.provenance ?? provenance ?? describeProvenance({ data: [] }),
        }),
      );
      const files = Object.entries(texts).map(([name, content]) => ({
        path: `${folder}/${name}`,
        content,
      }));
      await writeFilesWhole(files);
      if (replaces) await removeOthers(folder, Object.keys(texts));
      await log("finished", { files: Object.keys(texts) });
      const written = Object.entries(runFiles).filter(
        ([, name]) => name in texts || name === runFiles.log,
      );
      const paths = written.map(([what, name]) => [what, `${folder}/${name}`]);
      return Object.fromEntries(paths) as RunPaths;
    },
  };
}

/** A finished run's config.json: what was asked and where it came from. */
export interface RunRecord {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly provenance: Provenance;
}

/**
 * Reads what was asked of a finished run, to run it again or to name it.
 * @throws RoentgenError "file-not-found" or "file-corrupt"
 */
export async function readRun(folder: string): Promise<RunRecord> {
  const path = `${folder}/${runFiles.config}`;
  const text = new TextDecoder().decode(await readFileBytes(path));
  try {
    const { schemaVersion, settings, provenance } = JSON.parse(text);
    if (schemaVersion === 1 && typeof settings === "object" && settings !== null) {
      return { settings, provenance };
    }
  } catch {
    // Reported below with what is no run's config at all.
  }
  throw new RoentgenError("file-corrupt", {
    problem: `Cannot read ${path}`,
    expected: "the config.json of a Roentgen run",
    found: "something else",
    remedy: "Give the folder that `roentgen train` wrote.",
    subject: path,
  });
}

/** Names in the folder that a run would write over; the log is only added to. */
async function filesInTheWay(folder: string): Promise<string[]> {
  const kind = await pathKind(folder);
  if (kind === "file") {
    throw new RoentgenError("write-failed", {
      problem: `Cannot use ${folder} for a run`,
      expected: "a folder",
      found: "a file",
      remedy: "Choose another --out.",
      subject: folder,
    });
  }
  const names = Object.values(runFiles).filter((name) => name !== runFiles.log);
  const kinds = await Promise.all(names.map((name) => pathKind(`${folder}/${name}`)));
  return names.filter((_, index) => kinds[index] !== "none");
}

/** Lets pass the run that had these very settings and data, since running it again loses nothing. */
async function checkSameRun(
  folder: string,
  present: readonly string[],
  { config, provenance }: Pick<RunOptions, "config" | "provenance">,
): Promise<void> {
  const earlier = await readRun(folder).catch(() => undefined);
  const asked = stableJson([config, provenance?.data ?? []]);
  if (earlier && stableJson([earlier.settings, earlier.provenance.data]) === asked) return;
  throw new RoentgenError("write-failed", {
    problem: earlier
      ? `The folder ${folder} holds a finished run with other settings or data`
      : `The folder ${folder} holds files that a run would write over: ${present.join(", ")}`,
    remedy: "Choose another --out, or give --force to replace what is there.",
    subject: folder,
  });
}

function contents(
  { metrics, predictions, report, bundle, model, trainingImages }: RunResults,
  config: string,
) {
  const files: Record<string, string | Uint8Array> = { [runFiles.config]: config };
  if (metrics !== undefined) files[runFiles.metrics] = stableJson(metrics);
  if (predictions !== undefined) files[runFiles.predictions] = predictions;
  if (report !== undefined) files[runFiles.report] = report;
  if (bundle !== undefined) files[runFiles.bundle] = bundle;
  if (model !== undefined) files[runFiles.model] = model;
  if (trainingImages !== undefined) files[runFiles.trainingImages] = trainingImages;
  return files;
}

async function removeOthers(folder: string, kept: readonly string[]): Promise<void> {
  for (const name of Object.values(runFiles)) {
    if (name !== runFiles.log && !kept.includes(name)) await removeFile(`${folder}/${name}`);
  }
}
