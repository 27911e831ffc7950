// What cached features save: VGG-16 at 224 × 224 with a head on top, frozen to its last block.

import { performance } from "node:perf_hooks";
import { randomStream } from "../../src/base/index.ts";
import {
  adam,
  addHead,
  arraySource,
  binaryCrossEntropy,
  buildArchitecture,
  classificationHead,
  featureSource,
  freeze,
  type SampleSource,
  splitFrozen,
  summarise,
  train,
} from "../../src/networks/index.ts";

const SIZE = 3 * 224 * 224;
const THREADS = 2;
const BATCH = 32;
const EPOCHS = 10;

export async function features(count: number): Promise<void> {
  const data = noise(count);
  const base = buildArchitecture("vgg16", { reference: "keras", includeTop: false });
  const network = addHead(base, {
    head: classificationHead({ outputs: 1, pooling: "flatten", hidden: 256 }),
  });
  const trainable = freeze(network, "block*");
  const { frozen, trainable: learnt } = summarise(network, { trainable });
  const split = splitFrozen(network, { trainable });
  if (!split) throw new Error("nothing is frozen");
  console.log(
    `VGG-16, ${count} images of 224 × 224, ${THREADS} threads: ${frozen} frozen parameters, ${learnt} in the head.`,
  );
  const made = await timed("one pass of the backbone", () =>
    featureSource(split.backbone, data, { threads: THREADS, device: "cpu" }),
  );
  const head = await timed(`${EPOCHS} epochs of the head`, () =>
    train(split.head, {
      ...{ data: made.value, loss: binaryCrossEntropy(), optimiser: adam(), epochs: EPOCHS },
      ...{ batchSize: BATCH, threads: THREADS, device: "cpu", seed: 1 },
    }),
  );
  const mib = (made.value.bytes / 2 ** 20).toFixed(0);
  const [alone, both] = [head.ms, made.ms + head.ms].map((ms) => (ms / made.ms).toFixed(3));
  console.log(
    `features: ${mib} MiB. Ten epochs of the head: ${alone} of a pass; with the pass that made the features: ${both}.`,
  );
}

/** Pixels without meaning: what counts is the time. */
function noise(count: number): SampleSource {
  const draw = randomStream({ seed: 1, purpose: "bench" });
  const inputs = Float32Array.from({ length: count * SIZE }, () => draw.uniform());
  return arraySource({
    ...{ inputs, count },
    targets: Float32Array.from({ length: count }, (_, at) => at % 2),
  });
}

async function timed<Value>(what: string, work: () => Promise<Value>) {
  const start = performance.now();
  const value = await work();
  const ms = performance.now() - start;
  console.log(`${what}: ${(ms / 1000).toFixed(1)} s`);
  return { value, ms };
}
