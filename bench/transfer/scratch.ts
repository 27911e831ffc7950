// Twenty images a class: a network that was trained before on five classes of MedNIST, to tell them apart and how they are
// turned, against the same from scratch. The task: by how many quarter turns an image of the sixth class is turned.

import { readdirSync } from "node:fs";
import { openSession } from "#session";
import { randomStream } from "../../src/base/index.ts";
import { loadImage, prepareImage } from "../../src/datasets/index.ts";
import {
  adamW,
  addHead,
  arraySource,
  buildArchitecture,
  categoricalCrossEntropy,
  classificationHead,
  cosineRate,
  featureSource,
  type Network,
  parametersOf,
  parameterValues,
  type SampleSource,
  splitFrozen,
  train,
  trainOnly,
  unfreezingStages,
  withParameters,
} from "../../src/networks/index.ts";
import { encodeModel } from "../../src/onnx/index.ts";

const FOLDER = new URL("../../../shared/data/mednist/", import.meta.url);
const SIZE = 64;
const A_CLASS = 20;
const TURNS = 4;
const TESTED = 200;
const SEEDS = [1, 2, 3, 4, 5];
const EPOCHS = 30;
const work = { device: "cpu", threads: 1 } as const;

type Picture = Float32Array;

export async function scratch(unseenClasses: readonly string[]): Promise<void> {
  const classes = readdirSync(FOLDER).filter((name) => !name.includes("."));
  for (const unseen of unseenClasses) {
    const others = classes.filter((name) => name !== unseen);
    const body = await pretrained(others);
    const pictures = await load(unseen, 500);
    const rows: Record<string, number[]> = { scratch: [], frozen: [], unfrozen: [] };
    for (const seed of SEEDS) {
      const { learnt, tested } = draw(pictures, seed);
      const fresh = withHead(
        buildArchitecture("compact", { ...input, includeTop: false, seed }),
        seed,
      );
      const ready = withHead(body, seed);
      const head = await trainHead(ready, learnt, seed);
      rows.scratch.push(await judged(await learn(fresh, learnt, { seed }), tested));
      rows.frozen.push(await judged(head, tested));
      rows.unfrozen.push(await judged(await unfreeze(head, learnt, seed), tested));
      const last = Object.entries(rows).map(([name, all]) => `${name} ${all.at(-1)}`);
      console.error(`${unseen}, seed ${seed}: ${last.join(", ")}`);
    }
    console.log(`${unseen}, ${A_CLASS} images a class, ${TESTED} to test, ${SEEDS.length} seeds:`);
    for (const [name, all] of Object.entries(rows)) console.log(`  ${name}: ${summary(all)}`);
    for (const name of ["frozen", "unfrozen"]) {
      const gain = rows[name].map((one, at) => one - rows.scratch[at]);
      console.log(`  ${name} − scratch: ${summary(gain)}`);
    }
  }
}

const input = { input: [1, SIZE, SIZE], reference: "roentgen" } as const;

const withHead = (body: Network, seed: number) =>
  addHead(body, { head: classificationHead({ outputs: TURNS, hidden: 0 }), seed });

/** A body that tells five classes apart, and how their images are turned. */
async function pretrained(names: readonly string[]): Promise<Network> {
  const all = await Promise.all(names.map((name) => load(name, 200)));
  const whole = buildArchitecture("compact", { ...input, classes: names.length * TURNS, seed: 9 });
  const data = sourceOf(
    all.flatMap((some, label) =>
      some.map((picture, at) => ({
        picture: turn(picture, at % TURNS),
        label: label * TURNS + (at % TURNS),
      })),
    ),
  );
  const trained = await learn(whole, data, { seed: 9, epochs: 8 });
  const body = buildArchitecture("compact", { ...input, includeTop: false });
  const values = parameterValues(trained);
  const own = parametersOf(body).map(({ name }) => [name, values[name]]);
  return withParameters(body, Object.fromEntries(own));
}

interface Learning {
  readonly seed: number;
  readonly epochs?: number;
  readonly rate?: number;
}

async function learn(
  network: Network,
  data: SampleSource,
  { seed, epochs = EPOCHS, rate = 2e-3 }: Learning,
) {
  const options = { ...work, data, epochs, seed, batchSize: 16, schedule: cosineRate() };
  const loss = categoricalCrossEntropy();
  return (await train(network, { ...options, loss, optimiser: adamW({ learningRate: rate }) }))
    .network;
}

async function trainHead(network: Network, data: SampleSource, seed: number): Promise<Network> {
  const split = splitFrozen(network, {
    trainable: trainOnly(network, "dense"),
    frozenStatistics: true,
  });
  if (!split) throw new Error("nothing is frozen");
  const features = await featureSource(split.backbone, data, work);
  return split.join(await learn(split.head, features, { seed, rate: 1e-2 }));
}

/** What the head has learnt is kept, and the rest is let go in stages. */
async function unfreeze(network: Network, data: SampleSource, seed: number): Promise<Network> {
  let current = network;
  const [, ...stages] = unfreezingStages(network, { head: "dense", stages: 4 });
  for (const { trainable, groups } of stages) {
    const { network: next } = await train(current, {
      ...{ ...work, data, seed, trainable, groups, epochs: EPOCHS / 3, batchSize: 16 },
      ...{ loss: categoricalCrossEntropy(), optimiser: adamW({ learningRate: 2e-3 }) },
      ...{ schedule: cosineRate(), frozenStatistics: true },
    });
    current = next;
  }
  return current;
}

/** Part of the samples that is told right. */
async function judged({ model }: Network, data: SampleSource): Promise<number> {
  const session = await openSession(encodeModel(model));
  const all = Uint32Array.from({ length: data.count }, (_, at) => at);
  const { inputs, targets } = await data.load(all, { seed: 0, epoch: undefined });
  const shape = [data.count, 1, SIZE, SIZE];
  const found = await session.run({ input: { type: "float32", shape, data: inputs } });
  await session.close();
  const scores = Object.values(found)[0].data as Float32Array;
  const right = all.filter((at) => {
    const own = scores.subarray(at * TURNS, (at + 1) * TURNS);
    return own.indexOf(Math.max(...own)) === targets[at];
  });
  return right.length / data.count;
}

async function load(name: string, count: number): Promise<Picture[]> {
  const files = readdirSync(new URL(`${name}/`, FOLDER))
    .sort()
    .slice(0, count);
  const intensity = { kind: "type-range" } as const;
  const pictures: Picture[] = [];
  for (const file of files) {
    const { image } = await loadImage(new URL(`${name}/${file}`, FOLDER).pathname);
    pictures.push(
      prepareImage(image, { size: [SIZE, SIZE], channels: 1, fit: "stretch", intensity }),
    );
  }
  return pictures;
}

/** Each image is used once, turned by its class. */
function draw(pictures: readonly Picture[], seed: number) {
  const order = randomStream({ seed, purpose: "bench" }).permutation(pictures.length);
  const turned = Array.from(order, (at, place) => ({
    picture: turn(pictures[at], place % TURNS),
    label: place % TURNS,
  }));
  const learnt = A_CLASS * TURNS;
  return {
    learnt: sourceOf(turned.slice(0, learnt)),
    tested: sourceOf(turned.slice(learnt, learnt + TESTED)),
  };
}

/** By quarter turns. */
function turn(picture: Picture, quarters: number): Picture {
  let current = picture;
  for (let done = 0; done < quarters; done++) {
    const before = current;
    current = before.map((_, at) => {
      const [y, x] = [Math.floor(at / SIZE), at % SIZE];
      return before[(SIZE - 1 - x) * SIZE + y];
    });
  }
  return current;
}

function sourceOf(all: readonly { picture: Picture; label: number }[]): SampleSource {
  const inputs = new Float32Array(all.length * SIZE * SIZE);
  for (const [at, { picture }] of all.entries()) inputs.set(picture, at * SIZE * SIZE);
  return arraySource({
    inputs,
    targets: Int32Array.from(all, ({ label }) => label),
    count: all.length,
  });
}

/** Mean and its 95 % interval by Student's t with four degrees of freedom. */
function summary(values: readonly number[]): string {
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  const variance = values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (values.length - 1);
  const half = 2.776 * Math.sqrt(variance / values.length);
  const digits = (one: number) => one.toFixed(3);
  return `${digits(mean)} [${digits(mean - half)}, ${digits(mean + half)}] (${values.map(digits).join(" ")})`;
}
