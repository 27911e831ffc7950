// Images a step of a training, as many as the recipe wants or as the memory that is free holds.

import { freeMemory } from "#workers";
import { counted, RoentgenError } from "../../base/index.ts";
import { type FittingBatch, fittingBatch, type Network } from "../../networks/index.ts";

export interface BatchForMemoryOptions
  extends Omit<Parameters<typeof fittingBatch>[1], "mostBytes"> {
  /** Whether the user named the batch: it is then taken as it is, or refused. */
  isBatchAsked: boolean;
  /** Memory that a step may take; by default what is free, of which a plan may fill a part. */
  mostBytes?: number;
  /** What is free. */
  freeBytes?: number;
}

export interface SettledBatch {
  readonly batchSize: number;
  /** Why it is smaller than planned, as a sentence. */
  readonly memoryNote?: string;
}

/**
 * Part of the free memory that a plan may fill. ONNX Runtime's arena and packed weights, images on their way to the network and
 * judging between epochs come on top: processes took 1.2 (ResNet-50) to 1.7 times (DenseNet-121) what was planned.
 */
const SHARE = 0.55;

/**
 * The batch to train with. In doubt the recipe's is made smaller, and what was asked for is tried.
 * @throws RoentgenError "too-large" where a batch that was asked for can't fit, saying which one does, or not even one image can
 */
export function batchForMemory(
  network: Network,
  { isBatchAsked, mostBytes, freeBytes = freeMemory(), ...options }: BatchForMemoryOptions,
): SettledBatch {
  const planned = options.batchSize;
  const room = mostBytes ?? freeBytes;
  const carefully = mostBytes ?? SHARE * room;
  const fitting = fittingBatch(network, { ...options, mostBytes: carefully });
  const { plannedBytes, leastBytes } = fitting;
  if (fitting.batchSize === planned) return { batchSize: planned };
  if (isBatchAsked && plannedBytes <= room) return { batchSize: planned };
  const batchSize = fitting.batchSize ?? (leastBytes <= room ? 1 : undefined);
  if (batchSize === undefined || isBatchAsked) {
    throw tooLarge({ ...fitting, batchSize }, { planned, room });
  }
  return {
    batchSize,
    memoryNote:
      `Batches are of ${images(batchSize)} instead of ${planned}: a step with ${planned} needs ${inMib(plannedBytes)},` +
      ` more than the ${inMib(carefully)} of memory that it may take.`,
  };
}

function tooLarge(
  { batchSize, plannedBytes, leastBytes }: FittingBatch,
  { planned, room }: { readonly planned: number; readonly room: number },
): RoentgenError {
  const isHopeless = batchSize === undefined;
  const smaller = "smaller images (--size) or a smaller network (--model), or end other programs";
  return new RoentgenError("too-large", {
    problem: isHopeless
      ? "A training step of this network does not fit the memory, even with one image"
      : `A training step with ${images(planned)} does not fit the memory`,
    expected: `at most ${inMib(room)} a step`,
    found: inMib(isHopeless ? leastBytes : plannedBytes),
    remedy: isHopeless ? `Take ${smaller}.` : `Take --batch ${batchSize}, which fits, ${smaller}.`,
    subject: isHopeless ? "model" : "batchSize",
  });
}

const images = (count: number): string => counted(count, "image");
const inMib = (bytes: number): string =>
  `${Math.ceil(bytes / 2 ** 20).toLocaleString("en-US")} MiB`;
