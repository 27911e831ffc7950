// The folder that a training keeps its checkpoints in: the last one to go on from, and the best weights.

import { openFile, pathKind, writeFileWhole } from "#files";
import { rowMajorStrides, type Tensor } from "../../base/index.ts";
import { safetensorsChunks } from "../../formats/safetensors/index.ts";
import type { TrainingCheckpoint } from "./checkpoint.ts";
import { checkpointChunks, readCheckpoint } from "./checkpoint-file.ts";

/** Names of the files in the folder. */
export const checkpointFiles = { last: "last.safetensors", best: "best.safetensors" } as const;

/** Checkpoints of one training. */
export interface CheckpointFolder {
  /**
   * Keeps a checkpoint instead of the one before, which stays until the new one is whole on the disk; best weights that
   * changed go to a file of their own first. Give it as `onCheckpoint`.
   */
  save(checkpoint: TrainingCheckpoint): Promise<void>;
  /**
   * The last checkpoint, for `resume`; undefined where none was kept.
   * @throws RoentgenError "file-truncated" or "file-corrupt" for one that was damaged since
   */
  last(): Promise<TrainingCheckpoint | undefined>;
}

/** Opens a folder for checkpoints; it is made when the first one is kept. */
export function checkpointFolder(folder: string): CheckpointFolder {
  const [last, best] = [`${folder}/${checkpointFiles.last}`, `${folder}/${checkpointFiles.best}`];
  let bestEpoch: number | undefined;
  return {
    async save(checkpoint) {
      const { progress } = checkpoint;
      if (checkpoint.best && progress.bestEpoch !== bestEpoch) {
        await writeFileWhole(best, bestChunks(checkpoint));
        bestEpoch = progress.bestEpoch;
      }
      await writeFileWhole(last, checkpointChunks(checkpoint));
    },
    async last() {
      if ((await pathKind(last)) === "none") return undefined;
      const source = await openFile(last);
      try {
        return await readCheckpoint(source);
      } finally {
        await source.close();
      }
    },
  };
}

/** The best weights under their names in the network, as any reader of safetensors takes them. */
function bestChunks({ best = {}, progress }: TrainingCheckpoint): Generator<Uint8Array> {
  const tensors = Object.entries(best).map(([name, { type, shape, data }]) => {
    const tensor = { dtype: type, shape, strides: rowMajorStrides(shape), data };
    return { name, tensor: tensor as Tensor };
  });
  return safetensorsChunks(tensors, { metadata: { epoch: String(progress.bestEpoch) } });
}
