// Images a step of a training, as many as the recipe wants or as the memory that is free holds.

import { freeMemory } from "#workers";
import { counted, RoentgenError } from "../../base/index.ts";
import { type FittingBatch, fittingBatch, type Network } from "../../networks/index.ts";

export interface BatchForMemoryOptions
  extends Omit<Parameters<typeof fittingBatch>[1], "mostBytes"> {
  /** Whether the user named the batch: it is then taken as it is, or refused. */
  isBatchAsked: boolean;
  /** Memory that a step may take; by default most of what is free. */
  mostBytes?: number;
}

export interface SettledBatch {
  readonly batchSize: number;
  /** Why it is smaller than planned, as a sentence. */
  readonly memoryNote?: string;
}

/** The rest is for images on their way to the network, judging between epochs, and other programs that grow meanwhile. */
const SHARE = 0.8;

/**
 * The batch to train with.
 * @throws RoentgenError "too-large" where a batch that was asked for does not fit, saying which one does, or not even one image
 */
export function batchForMemory(
  network: Network,
  { isBatchAsked, mostBytes = SHARE * freeMemory(), ...options }: BatchForMemoryOptions,
): SettledBatch {
  const planned = options.batchSize;
  const fitting = fittingBatch(network, { ...options, mostBytes });
  const { batchSize, plannedBytes } = fitting;
  if (batchSize === planned) return { batchSize };
  if (batchSize === undefined || isBatchAsked) throw tooLarge(fitting, { planned, mostBytes });
  return {
    batchSize,
    memoryNote:
      `Batches are of ${images(batchSize)} instead of ${planned}: a step with ${planned} needs ${inMib(plannedBytes)},` +
      ` more than the ${inMib(mostBytes)} of memory that it may take.`,
  };
}

function tooLarge(
  { batchSize, plannedBytes, leastBytes }: FittingBatch,
  { planned, mostBytes }: { readonly planned: number; readonly mostBytes: number },
): RoentgenError {
  const isHopeless = batchSize === undefined;
  const smaller = "smaller images (--size), a smaller network (--model) or end other programs";
  return new RoentgenError("too-large", {
    problem: isHopeless
      ? "A training step of this network does not fit the memory, even with one image"
      : `A training step with ${images(planned)} does not fit the memory`,
    expected: `at most ${inMib(mostBytes)} a step`,
    found: inMib(isHopeless ? leastBytes : plannedBytes),
    remedy: isHopeless
      ? `Take ${smaller}.`
      : `Take batches of ${images(batchSize)} (--batch ${batchSize}), which fit, ${smaller}.`,
    subject: isHopeless ? "model" : "batchSize",
  });
}

const images = (count: number): string => counted(count, "image");
const inMib = (bytes: number): string =>
  `${Math.ceil(bytes / 2 ** 20).toLocaleString("en-US")} MiB`;
