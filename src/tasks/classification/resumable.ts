// What an interrupted training left in its folder, to be gone on with by the same training only.

import {
  listFolder,
  makeFolder,
  pathKind,
  readFileBytes,
  removeFile,
  writeFileWhole,
} from "#files";

/** Says which training the files of a folder belong to. */
const OWNER = "training.json";

/**
 * Makes a folder ready for a training: what another one left in it is removed, what this one left is kept.
 * @param owner all that decides the outcome, as text
 * @returns whether there is something to go on with
 */
export async function openResumable(folder: string, owner: string): Promise<boolean> {
  await makeFolder(folder);
  const path = `${folder}/${OWNER}`;
  const earlier =
    (await pathKind(path)) === "file"
      ? new TextDecoder().decode(await readFileBytes(path))
      : undefined;
  if (earlier === owner) return true;
  if (earlier !== undefined) await emptyFolder(folder);
  await writeFileWhole(path, owner);
  return false;
}

/** Removes the files of a folder that a training made. */
export async function emptyFolder(folder: string): Promise<void> {
  if ((await pathKind(folder)) !== "folder") return;
  for (const path of await listFolder(folder)) await removeFile(path);
}
