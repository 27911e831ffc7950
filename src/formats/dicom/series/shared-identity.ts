// Files that state one SOP Instance UID and are not the same image, which the standard forbids (PS3.3 C.12.1).

import type { ScannedFile, ScanProblem } from "./scan.ts";

/** One problem for each UID under which there are images of several forms. */
export function sharedIdentities(files: readonly ScannedFile[]): ScanProblem[] {
  const byUid = new Map<string, ScannedFile[]>();
  for (const file of files) {
    const { instanceUid, frames } = file.description;
    if (instanceUid === "" || frames.length === 0) continue;
    const known = byUid.get(instanceUid);
    if (known) known.push(file);
    else byUid.set(instanceUid, [file]);
  }
  return [...byUid].flatMap(([uid, own]) => contradiction(uid, own));
}

function contradiction(uid: string, files: readonly ScannedFile[]): ScanProblem[] {
  const byForm = new Map(files.map((file) => [file.description.frames[0].form, file.place.name]));
  if (byForm.size < 2) return [];
  const list = [...byForm].map(([form, name]) => `${name} (${form})`).join(" and ");
  const sentence = `Different images state the SOP Instance UID ${uid}: ${list}. None was taken for a copy of another.`;
  return [{ kind: "contradiction", name: files[0].place.name, sentence }];
}
