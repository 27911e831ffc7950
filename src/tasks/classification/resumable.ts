// What an interrupted training left in its folder, to be gone on with by the same training only.

import { makeFolder, pathKind, readFileBytes, removeFile, writeFileWhole } from "#files";
import { RoentgenError, version } from "../../base/index.ts";
import { checkpointFiles } from "../../networks/index.ts";

/** Says which training the files of a folder belong to, and which program wrote them. */
const OWNER = "training.json";

/**
 * What checkpoints of trainings on images mean. Raise it by hand when tensors of the same names and shapes come to mean something
 * else (the order of channels, the scaling of pixels, what an optimiser remembers), or settled.json or features.bin do.
 */
export const CHECKPOINT_FORMAT = 1;

/** What must agree for a training to go on, beside the training itself. */
const writer = { version, checkpointFormat: CHECKPOINT_FORMAT };

interface Owner {
  readonly writer: Partial<typeof writer>;
  readonly training: string;
}

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

export interface ResumableOptions {
  /** All that decides the outcome but the program, as text. */
  training: string;
  networks: number;
  /** Whether what another version of the program left of this training is removed instead of refused. */
  force?: boolean;
}

/**
 * Makes a folder ready for a training of some networks: what another one left in it is removed, what this one left is kept.
 * @returns whether there is something to go on with
 * @throws RoentgenError "type-mismatch" where another version of the program left it, without `force`
 */
export async function openResumable(
  folder: string,
  { networks, ...options }: ResumableOptions,
): Promise<boolean> {
  const known = await openFolder(folder, options);
  for (let member = 0; networks > 1 && member < networks; member++) {
    await openFolder(memberFolder(folder, { member, of: networks }), options);
  }
  return known;
}

async function openFolder(
  folder: string,
  { training, force = false }: Omit<ResumableOptions, "networks">,
): Promise<boolean> {
  await makeFolder(folder);
  const path = `${folder}/${OWNER}`;
  const earlier =
    (await pathKind(path)) === "file"
      ? new TextDecoder().decode(await readFileBytes(path))
      : undefined;
  const owner = JSON.stringify({ writer, training } satisfies Owner);
  if (earlier === owner) return true;
  if (earlier !== undefined && !force) checkWriter(folder, { earlier, training });
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

/** Refuses checkpoints of this training that mean something else, or may, to this version of the program. */
function checkWriter(
  folder: string,
  { earlier, training }: { readonly earlier: string; readonly training: string },
): void {
  const owner = ownerIn(earlier);
  if (owner?.training !== training) return;
  const { writer: wrote } = owner;
  const differing = [
    { name: "version", own: version, found: wrote.version },
    { name: "checkpoints of format", own: CHECKPOINT_FORMAT, found: wrote.checkpointFormat },
  ].filter(({ own, found }) => own !== found);
  throw new RoentgenError("type-mismatch", {
    problem: `Cannot go on with the training in ${folder}: another version of Roentgen left it`,
    expected: differing.map(({ name, own }) => `${name} ${own}`).join(" and "),
    found: differing.map(({ name, found }) => `${name} ${found ?? "unknown"}`).join(" and "),
    remedy: "Finish it with the version that began it, or give --force to begin anew.",
    subject: folder,
  });
}

/** Undefined for what is no such file: it belongs to no training that could be gone on with. */
function ownerIn(text: string): Owner | undefined {
  try {
    const { writer: wrote, training } = JSON.parse(text);
    return typeof training === "string" ? { writer: wrote ?? {}, training } : undefined;
  } catch {
    return undefined;
  }
}

/** The folder itself and those of stages that are there. */
async function placesOf(folder: string): Promise<string[]> {
  const places = [folder];
  while ((await pathKind(stageFolder(folder, places.length + 1))) === "folder") {
    places.push(stageFolder(folder, places.length + 1));
  }
  return places;
}
