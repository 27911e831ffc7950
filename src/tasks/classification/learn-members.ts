// The networks of a training: one, or one a fold, each of which learns from all folds but its own.

import { randomStream, throwIfCancelled, type WorkOptions } from "../../base/index.ts";
import type { Device } from "../../onnx/index.ts";
import type { InitialNetwork } from "./build-network.ts";
import { frozenFeatures } from "./frozen-features.ts";
import { imageSource } from "./image-source.ts";
import { type LearnHearing, type LearntMember, learnMember } from "./learn-member.ts";
import { learntRows } from "./learning-sides.ts";
import type { PreparedImages } from "./prepare-images.ts";
import { memberFolder } from "./resumable.ts";
import { standardOf } from "./target-standard.ts";

export interface LearnMembersOptions extends WorkOptions, LearnHearing {
  device?: Device;
  /** Memory that a training step may take, by its plan; by default a part of what is free. */
  mostBytes?: number;
  /** Folder of checkpoints; of several networks each has one of its own inside. */
  folder: string;
}

/** Trains all networks, one after another: each takes all cores. */
export async function learnMembers(
  prepared: PreparedImages,
  options: LearnMembersOptions,
): Promise<LearntMember[]> {
  const { settings, dataset, store, folds } = prepared;
  const { folder, device, threads, signal, onProgress } = options;
  const rows = learntRows(folds);
  const standard = standardOf(dataset, rows);
  let first: InitialNetwork | undefined;
  const features = frozenFeatures({
    rows,
    open: () => {
      const { scaling } = first as InitialNetwork;
      return imageSource({ dataset, store, scaling, standard, samples: rows });
    },
    folder,
    fingerprint: `${store.reference.path} ${settings.seed}`,
    ...{ device, threads, signal, onProgress },
  });
  const members: LearntMember[] = [];
  try {
    for (const [at, fold] of folds.entries()) {
      const member = await learnMember(prepared, {
        ...options,
        ...{ fold, first, standard, features },
        batchSizes: members[0]?.stages.map(({ batchSize }) => batchSize),
        place: { number: at + 1, of: folds.length },
        seed: seedOf(settings.seed, at),
        folder: memberFolder(folder, { member: at, of: folds.length }),
        onNetwork(initial, place) {
          first ??= initial;
          options.onNetwork?.(initial, place);
        },
      });
      members.push(member);
      throwIfCancelled(signal, "Training");
    }
    return members;
  } finally {
    await features.close();
  }
}

/**
 * Networks that begin elsewhere end elsewhere, which is most of what their mean gains (Fort, Hu & Lakshminarayanan,
 * arXiv:1912.02757, 2019).
 */
function seedOf(seed: number, member: number): number {
  if (member === 0) return seed;
  return randomStream({ seed, purpose: "images/network", sample: member }).integer(2 ** 31);
}
