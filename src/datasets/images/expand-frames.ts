// Slices of volumes and frames of films as samples of their own.

import { openBeside, openFile, pathKind } from "#files";
import { counted, takeColumnRows, throwIfCancelled, type WorkOptions } from "../../base/index.ts";
import { inspectImage } from "../../formats/images/index.ts";
import type { ImageDataset, ImageSample } from "./image-dataset.ts";
import { loadImage } from "./load-image.ts";
import { planeLayout } from "./prepare/planes.ts";

/** Formats of one picture a file. */
const SINGLE = /\.(jpe?g|png|bmp|dib|webp|gif)$/i;

/**
 * A sample for each slice or frame of each file, with the target of the file. Those of one file stay on one side of a split, as
 * `splitImages` sees to. Files whose slices can't be counted are left as they are, to be told of when they are read.
 */
export async function expandFrames(
  dataset: ImageDataset,
  { signal, onProgress }: Pick<WorkOptions, "signal" | "onProgress"> = {},
): Promise<ImageDataset> {
  const samples: ImageSample[] = [];
  const rows: number[] = [];
  for (const [at, sample] of dataset.samples.entries()) {
    throwIfCancelled(signal, "Counting slices");
    const isWhole = sample.frame === undefined && sample.array === undefined;
    const planes = isWhole ? await planesOf(sample.path) : 1;
    for (let frame = 0; frame < planes; frame++) {
      samples.push(planes === 1 ? sample : { ...sample, frame, name: `${sample.name}[${frame}]` });
      rows.push(at);
    }
    onProgress?.({
      stage: "Counting slices",
      done: at + 1,
      total: dataset.samples.length,
      unit: "images",
    });
  }
  const note = `${counted(dataset.samples.length, "image")} become ${counted(samples.length, "slice")}.`;
  return {
    ...dataset,
    samples,
    columns: dataset.columns.map((column) => takeColumnRows(column, rows)),
    notes: [...dataset.notes, note],
  };
}

async function planesOf(path: string): Promise<number> {
  if (SINGLE.test(path)) return 1;
  try {
    if ((await pathKind(path)) === "folder")
      return planeLayout((await loadImage(path)).image).planes;
    const source = await openFile(path);
    try {
      return planeLayout(await inspectImage(source, { beside: openBeside(path) })).planes;
    } finally {
      await source.close();
    }
  } catch {
    return 1;
  }
}
