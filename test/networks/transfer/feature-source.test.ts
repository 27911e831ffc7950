import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { randomStream } from "../../../src/base/index.ts";
import {
  type Batch,
  dense,
  type FeatureSourceOptions,
  featureSource,
  type SampleSource,
  sequential,
} from "../../../src/networks/index.ts";

const folder = mkdtempSync(join(tmpdir(), "roentgen-features-"));
afterAll(() => rmSync(folder, { recursive: true }));

const COUNT = 11;
const backbone = sequential([dense({ units: 5, bias: false })], { input: [3], seed: 4 }).model;

/** Samples of three numbers; augmentation adds the epoch. `loaded` counts what was asked for. */
function samples(integers = false): SampleSource & { loaded: number[] } {
  const loaded: number[] = [];
  return {
    count: COUNT,
    loaded,
    load(indices, { epoch = -1 }): Batch {
      loaded.push(...indices);
      const inputs = Float32Array.from(indices, (at) => at + 100 * (epoch + 1));
      const targets = Array.from(indices, (at) => 1 - at);
      return {
        inputs: Float32Array.from(
          { length: 3 * indices.length },
          (_, at) => inputs[Math.floor(at / 3)] + (at % 3),
        ),
        targets: integers ? Int32Array.from(targets) : Float32Array.from(targets),
        weights: Float32Array.from(indices, (at) => 1 + at / 2),
      };
    },
  };
}

/** What the backbone makes of such a sample. */
function expected(sample: number, epoch = -1): number[] {
  const [{ data }] = backbone.graph.initializers;
  const x = [0, 1, 2].map((one) => sample + 100 * (epoch + 1) + one);
  return [0, 1, 2, 3, 4].map((unit) =>
    x.reduce((sum, one, at) => sum + one * Number(data[unit * 3 + at]), 0),
  );
}

const order = Uint32Array.of(10, 0, 3, 3);
const plain = { seed: 0, epoch: undefined };
const open = (source: SampleSource, options: FeatureSourceOptions = {}) =>
  featureSource(backbone, source, { batchSize: 4, threads: 1, device: "cpu", ...options });

function check({ inputs, targets, weights }: Batch, epoch?: number) {
  const all = Array.from(order, (sample) => expected(sample, epoch)).flat();
  for (const [at, one] of all.entries()) expect(inputs[at] / one).toBeCloseTo(1, 5);
  expect(Array.from(targets)).toEqual([-9, 1, -2, -2]);
  expect(Array.from(weights ?? [])).toEqual([6, 1, 2.5, 2.5]);
}

describe("Features in memory", () => {
  it.each([true, false])("are those of the samples, whole targets %s", async (integers) => {
    const source = samples(integers);
    const features = await open(source);
    expect(features).toMatchObject({ count: COUNT, shape: [5], reused: 0, bytes: COUNT * 8 * 4 });
    const batch = await features.load(order, plain);
    check(batch);
    expect(batch.targets).toBeInstanceOf(integers ? Int32Array : Float32Array);
    expect(new Set(source.loaded).size).toBe(COUNT);
  });

  it("are kept in versions, which epochs take in turn", async () => {
    const features = await open(samples(), { versions: 2 });
    for (const epoch of [0, 1, 2, 5])
      check(await features.load(order, { seed: 0, epoch }), epoch % 2);
    expect(() => features.load(order, plain)).toThrow(/for judging/);
  });

  it("are refused where they are too many", async () => {
    await expect(open(samples(), { mostBytes: 100 })).rejects.toThrow(/at most 1 MiB/);
    await expect(open(samples(), { versions: 0 })).rejects.toThrow(/whole number/);
  });
});

describe("Features in a file", () => {
  const fileOf = (name: string) => ({ path: join(folder, name), fingerprint: "eleven samples" });

  it("are computed once", async () => {
    const file = fileOf("once");
    const first = await open(samples(true), { file });
    check(await first.load(order, plain));
    await first.close();
    const source = samples(true);
    const again = await open(source, { file });
    check(await again.load(order, plain));
    expect([again.reused, source.loaded]).toEqual([COUNT, [0]]);
    expect(statSync(file.path).size).toBe(again.bytes);
    await again.close();
  });

  it("go on where the work was cancelled", async () => {
    const file = fileOf("cancelled");
    const stop = new AbortController();
    const onProgress = ({ done }: { done: number }) => done >= 8 && stop.abort();
    const cancelled = open(samples(), { file, onProgress, signal: stop.signal });
    await expect(cancelled).rejects.toThrow(/was cancelled/);
    const features = await open(samples(), { file });
    expect(features.reused).toBe(8);
    check(await features.load(order, plain));
    await features.close();
  });

  it.each([
    ["cut within a row", (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 40), 9],
    ["with a flipped bit", (bytes: Uint8Array) => flipped(bytes, bytes.length - 100), 7],
    ["with bytes behind", (bytes: Uint8Array) => Uint8Array.of(...bytes, 1, 2, 3), COUNT],
    [
      "with a row twice",
      (bytes: Uint8Array) => bytes.copyWithin(bytes.length - 32, bytes.length - 64),
      10,
    ],
    ["without rows", (bytes: Uint8Array) => bytes.subarray(0, 256), 0],
    ["cut in its header", (bytes: Uint8Array) => bytes.subarray(0, 99), 0],
    ["of no bytes", () => new Uint8Array(), 0],
  ])("keep the rows that are whole of a file %s", async (name, damage, kept) => {
    const file = fileOf(name);
    await (await open(samples(), { file })).close();
    const whole = readFileSync(file.path);
    writeFileSync(file.path, damage(new Uint8Array(whole)));
    const features = await open(samples(), { file });
    expect(features.reused).toBe(kept);
    check(await features.load(order, plain));
    await features.close();
    expect(readFileSync(file.path).equals(whole)).toBe(true);
  });

  it("are computed anew for other samples, versions or weights", async () => {
    const file = fileOf("other");
    const model = sequential([dense({ units: 5, bias: false })], { input: [3], seed: 9 }).model;
    await (await open(samples(), { file })).close();
    const others = [
      await open(samples(), { file: { ...file, fingerprint: "others" } }),
      await open(samples(), { file, versions: 1 }),
      await open(samples(), { file, versions: 1, seed: 2 }),
      await featureSource(model, samples(), { file, threads: 1 }),
    ];
    for (const one of others) expect(one.reused).toBe(0);
    for (const one of others) await one.close();
  });

  it("leave a file of another kind as it is", async () => {
    const file = fileOf("letter.txt");
    writeFileSync(file.path, "Dear reader");
    await expect(open(samples(), { file })).rejects.toThrow(/found another file/);
    expect(readFileSync(file.path, "utf8")).toBe("Dear reader");
  });

  it("are the same bits whatever the batch and whoever interrupted", async () => {
    const [whole, parts] = [fileOf("whole"), fileOf("parts")];
    await (await open(samples(), { file: whole, versions: 3 })).close();
    const draw = randomStream({ seed: 1, purpose: "test" });
    for (let done = 0; done < 3 * COUNT; ) {
      const stop = new AbortController();
      const most = done + 1 + draw.integer(9);
      const onProgress = (step: { done: number }) => {
        done = step.done;
        if (done >= most) stop.abort();
      };
      const options = { file: parts, versions: 3, batchSize: 1 + draw.integer(4), onProgress };
      await open(samples(), { ...options, signal: stop.signal }).then(
        (features) => features.close(),
        () => {},
      );
    }
    await (await open(samples(), { file: parts, versions: 3 })).close();
    expect(readFileSync(parts.path).equals(readFileSync(whole.path))).toBe(true);
  });
});

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  bytes[at] ^= 4;
  return bytes;
}
