// What is to be scanned: files, folders of any depth, zip archives, the files that a DICOMDIR names, sources.

import { listFolder, openFile, pathKind } from "#files";
import { type ByteSource, RoentgenError } from "../../../base/index.ts";
import { listZip } from "../../zip/read-zip.ts";
import type { DicomPlace } from "./dicom-place.ts";

/** A path of a file or folder, or an opened source such as a file dropped on a page. */
export type DicomInput = string | ByteSource;

/** Zip archives begin with a member, or with the end of an empty directory. */
const ZIP_MARKS = ["PK\u0003\u0004", "PK\u0005\u0006"];

/** All places that the inputs name, each once. */
export async function findPlaces(inputs: readonly DicomInput[]): Promise<DicomPlace[]> {
  const found: DicomPlace[] = [];
  const known = new Set<string>();
  for (const input of inputs) {
    if (typeof input !== "string") found.push(...(await placesOfSource(input)));
    else {
      for (const place of await placesOfPath(input)) {
        if (known.has(place.name)) continue;
        known.add(place.name);
        found.push(place);
      }
    }
  }
  return found;
}

async function placesOfPath(path: string): Promise<DicomPlace[]> {
  const kind = await pathKind(path);
  if (kind === "none") {
    throw new RoentgenError("file-not-found", {
      problem: `There is no file or folder at ${path}`,
      remedy: "Check the path.",
      subject: path,
    });
  }
  if (kind === "folder") {
    const paths = await listFolder(path);
    return paths.map((name) => ({ kind: "file", name }));
  }
  const source = await openFile(path);
  try {
    if (!(await isZip(source))) return [{ kind: "file", name: path }];
    return await membersOf(source, path);
  } finally {
    await source.close();
  }
}

async function placesOfSource(source: ByteSource): Promise<DicomPlace[]> {
  if (await isZip(source)) return membersOf(source, source);
  return [{ kind: "source", name: source.name, source }];
}

async function isZip(source: ByteSource): Promise<boolean> {
  if (source.byteLength < 22) return false;
  return ZIP_MARKS.includes(String.fromCharCode(...(await source.read(0, 4))));
}

async function membersOf(source: ByteSource, archive: string | ByteSource): Promise<DicomPlace[]> {
  const entries = await listZip(source);
  return entries.flatMap(({ name, bytes }, member): DicomPlace[] =>
    name.endsWith("/") || bytes === 0
      ? []
      : [{ kind: "member", name: `${source.name}/${name}`, archive, member }],
  );
}
