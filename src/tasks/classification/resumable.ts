// What an interrupted training left in its folder, to be gone on with by the same training only.

import { makeFolder, pathKind, readFileBytes, removeFile, writeFileWhole } from "#files";
import { checkpointFiles } from "../../networks/index.ts";

/** Says which training the files of a folder belong to. */
const OWNER = "training.json";

/** What else a training keeps beside its checkpoints: what it settled, and the features of a frozen backbone. */
export const resumableFiles = { settled: "settled.json", features: "features.bin" } as const;

/** Where one of several networks has its checkpoints; a single one has them in the folder itself. */
export function memberFolder(
  folder: string,
  { member, of }: { member: number; of: number },
): string {
  return of === 1 ? folder : `${folder}/network-${member + 1}`;
}

/** Where the stages of a training after its first keep the same files. */
export const stageFolder = (folder: string, stage: number): string => `${folder}/stage-${stage}`;

/**
 * Makes a folder ready for a training of some networks: what another one left in it is removed, what this one left is kept.
 * @param owner all that decides the outcome, as text
 * @returns whether there is something to go on with
 */
export async function openResumable(
  folder: string,
  { owner, networks }: { owner: string; networks: number },
): Promise<boolean> {
  const known = await openFolder(folder, owner);
  for (let member = 0; networks > 1 && member < networks; member++) {
    await openFolder(memberFolder(folder, { member, of: networks }), owner);
  }
  return known;
}

async function openFolder(folder: string, owner: string): Promise<boolean> {
  await makeFolder(folder);
  const path = `${folder}/${OWNER}`;
  const earlier =
    (await pathKind(path)) === "file"
      ? new TextDecoder().decode(await readFileBytes(path))
      : undefined;
  if (earlier === owner) return true;
  if (earlier !== undefined) {
    // By name, since a folder that was there before may hold other things.
    const names = [...Object.values(checkpointFiles), ...Object.values(resumableFiles)];
    for (const place of await placesOf(folder)) {
      for (const name of names) await removeFile(`${place}/${name}`);
    }
  }
  await writeFileWhole(path, owner);
  return false;
}

/** The folder itself and those of stages that are there. */
async function placesOf(folder: string): Promise<string[]> {
  const places = [folder];
  while ((await pathKind(stageFolder(folder, places.length + 1))) === "folder") {
    places.push(stageFolder(folder, places.length + 1));
  }
  return places;
}
