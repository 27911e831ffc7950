// What a frozen backbone makes of samples, computed once: an epoch then costs what the head costs.

import { openSession } from "#session";
import {
  elementCount,
  openCheckpoint,
  RoentgenError,
  sha256,
  type WorkOptions,
} from "../../base/index.ts";
import {
  type Device,
  encodeModel,
  inferTypes,
  type OnnxModel,
  type Session,
} from "../../onnx/index.ts";
import { batchesInOrder, type EpochBatch } from "../training/batches.ts";
import type { Batch, Draw, SampleSource } from "../training/samples.ts";
import { fileRows } from "./feature-file.ts";
import { type FeatureRows, memoryRows, type RowLayout } from "./feature-rows.ts";

export interface FeatureSourceOptions extends WorkOptions {
  /**
   * Keeps the features in a file and reads them from there as they are needed. What an interrupted run left is gone on
   * with and a whole file is taken as it is, where backbone, versions and `fingerprint`, which says what the samples are,
   * are the same.
   */
  file?: { readonly path: string; readonly fingerprint: string };
  /**
   * Augmented versions to keep of each sample, drawn as in as many epochs of `seed`; epochs take them in turn. By default
   * samples are as they are for judging.
   */
  versions?: number;
  seed?: number;
  batchSize?: number;
  device?: Device;
  /** Most bytes in memory, where no file is given. */
  mostBytes?: number;
}

/** Features by the number of their sample. */
export interface FeatureSource extends SampleSource {
  /** Lengths of the features of a sample. */
  readonly shape: readonly number[];
  /** Bytes in memory or in the file. */
  readonly bytes: number;
  /** Rows that the file had already. */
  readonly reused: number;
  /** Lets go of the file. */
  close(): Promise<void>;
}

const GIB = 2 ** 30;

/**
 * Computes the features of all samples in batches.
 * @param backbone a model with one input and the features as its output, such as that of `splitFrozen`
 * @throws RoentgenError "too-large" where they exceed `mostBytes` without a file, "write-failed" for a full disk, "cancelled";
 *   what is in the file by then is gone on with next time
 */
export async function featureSource(
  backbone: OnnxModel,
  source: SampleSource,
  options: FeatureSourceOptions = {},
): Promise<FeatureSource> {
  const { versions, seed = 0, file, mostBytes = 2 * GIB } = options;
  const model = encodeModel(backbone);
  const shape = featureShape(backbone);
  const draws = drawsOf(versions, seed);
  const { targets } = await source.load(Uint32Array.of(0), draws[0]);
  const layout: RowLayout = {
    rows: source.count * draws.length,
    features: elementCount(shape),
    targets: targets.length,
    integers: targets instanceof Int32Array,
  };
  const rows = file
    ? await fileRows(file.path, { layout, fingerprint: await fingerprintOf(model, options) })
    : memoryRows(layout, mostBytes);
  if (rows.there < layout.rows) await fill(rows, { model, backbone, source, draws, options });
  return {
    ...{ count: source.count, shape, bytes: rows.bytes, reused: rows.there },
    load(indices, { epoch }) {
      const version = versions === undefined ? 0 : versionOf(epoch, versions);
      return rows.read(indices.map((sample) => version * source.count + sample));
    },
    close: () => rows.close(),
  };
}

function featureShape(backbone: OnnxModel): readonly number[] {
  const [{ name }] = backbone.graph.outputs;
  const [, ...lengths] = inferTypes(backbone).get(name)?.shape ?? [];
  if (lengths.every((length) => typeof length === "number")) return lengths as number[];
  throw new RoentgenError("shape-mismatch", {
    problem: `Cannot keep the features "${name}"`,
    expected: "lengths that are known but for the batch",
    found: `[${lengths.join(", ")}]`,
    remedy: "Give the input of the network its lengths.",
    subject: name,
  });
}

/** What each version of the samples is drawn by. */
function drawsOf(versions: number | undefined, seed: number): readonly Draw[] {
  if (versions === undefined) return [{ seed, epoch: undefined }];
  if (Number.isInteger(versions) && versions > 0)
    return Array.from({ length: versions }, (_, epoch) => ({ seed, epoch }));
  throw new RoentgenError("bad-option", {
    problem: "Cannot keep versions of samples",
    expected: "a whole number of them, 1 or more",
    found: String(versions),
    subject: "versions",
  });
}

function versionOf(epoch: number | undefined, versions: number): number {
  if (epoch !== undefined) return epoch % versions;
  throw new RoentgenError("bad-option", {
    problem: "The features are of augmented samples",
    expected: "samples as they are, for judging",
    remedy: "Compute those of the samples to judge on without `versions`.",
    subject: "versions",
  });
}

async function fingerprintOf(
  model: Uint8Array,
  { file, versions, seed = 0 }: FeatureSourceOptions,
): Promise<string> {
  const drawn = versions === undefined ? "as they are" : `${versions} versions of seed ${seed}`;
  const facts = [await sha256(model), file?.fingerprint, drawn];
  return sha256(new TextEncoder().encode(facts.join("\n")));
}

interface Filling {
  readonly model: Uint8Array;
  readonly backbone: OnnxModel;
  readonly source: SampleSource;
  readonly draws: readonly Draw[];
  readonly options: FeatureSourceOptions;
}

/** Computes the rows that are not there yet. */
async function fill(rows: FeatureRows, filling: Filling): Promise<void> {
  const { model, source, draws, options } = filling;
  const { device = "auto", threads, signal, onProgress } = options;
  const session = await openSession(model, { device, threads });
  const mayGoOn = openCheckpoint(signal, "Computing features");
  const total = source.count * draws.length;
  let done = rows.there;
  try {
    while (done < total) {
      for await (const samples of featuresFrom(done, session, filling)) {
        await rows.append(samples);
        done += samples.weights.length;
        onProgress?.({ stage: "Computing features", done, total, unit: "samples" });
        await mayGoOn();
      }
    }
  } finally {
    await session.close();
  }
}

/** Features of a version's samples from a row on, a batch at a time. */
async function* featuresFrom(
  row: number,
  session: Session,
  { backbone, source, draws, options: { batchSize = 16 } }: Filling,
): AsyncGenerator<Required<Batch>> {
  const { inputs, outputs } = backbone.graph;
  const lengths = (inputs[0].shape ?? []).slice(1).map(Number);
  const [version, first] = [Math.floor(row / source.count), row % source.count];
  const order = Uint32Array.from({ length: source.count - first }, (_, at) => first + at);
  const size = Math.min(batchSize, order.length);
  let left = order.length;
  for await (const batch of batchesInOrder(source, order, {
    batchSize: size,
    draw: draws[version],
  })) {
    const input = { type: "float32", shape: [size, ...lengths], data: batch.inputs } as const;
    const found = await session.run({ [inputs[0].name]: input });
    const features = found[outputs[0].name].data as Float32Array;
    yield firstOf({ ...batch, inputs: features }, Math.min(size, left));
    left -= size;
  }
}

/** Without the samples that only fill a batch up. */
function firstOf({ inputs, targets, weights }: EpochBatch, count: number): Required<Batch> {
  const part = <Values extends Float32Array | Int32Array>(values: Values) =>
    values.subarray(0, (values.length / weights.length) * count) as Values;
  return { inputs: part(inputs), targets: part(targets), weights: part(weights) };
}
