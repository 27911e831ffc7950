import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openSession } from "#session";
import { randomStream } from "../../../src/base/index.ts";
import {
  activation,
  adam,
  add,
  addHead,
  arraySource,
  batchNormalisation,
  binaryCrossEntropy,
  classificationHead,
  convolution,
  dense,
  dropout,
  featureSource,
  flatten,
  freeze,
  type Layer,
  maxPool,
  type Network,
  network,
  networkFromModel,
  parameterValues,
  type Signal,
  sequential,
  splitFrozen,
  summarise,
  train,
  trainOnly,
} from "../../../src/networks/index.ts";
import { encodeModel, type OnnxData, type OnnxModel } from "../../../src/onnx/index.ts";
import { EXPORTED, exported } from "./exported.ts";

const conv = (name: string, filters = 3): Layer =>
  convolution({ filters, kernel: 3, padding: "same", name });

async function run(model: OnnxModel, data: Float32Array, shape: readonly number[]) {
  const session = await openSession(encodeModel(model));
  const [[input], [output]] = [model.graph.inputs, model.graph.outputs];
  const result = await session.run({ [input.name]: { type: "float32", shape, data } });
  await session.close();
  return result[output.name];
}

function largestDifference(found: { data: OnnxData }, expected: { data: OnnxData }): number {
  const [a, b] = [found, expected].map(({ data }) => data as Float32Array);
  expect(a.length).toBe(b.length);
  return a.reduce((worst, one, at) => Math.max(worst, Math.abs(one - b[at])), 0);
}

/** What the parts make of an input one after another, and what the whole does. */
async function both(whole: Network, options: Parameters<typeof splitFrozen>[1], input: number[]) {
  const split = splitFrozen(whole, options);
  if (!split) throw new Error("nothing was split");
  const count = input.reduce((product, length) => product * length, 2);
  const draw = randomStream({ seed: 1, purpose: "test" });
  const data = Float32Array.from({ length: count }, () => draw.normal());
  const features = await run(split.backbone, data, [2, ...input]);
  expect(features.shape).toEqual([2, ...split.features]);
  const parts = await run(split.head.model, features.data as Float32Array, features.shape);
  return { split, parts, whole: await run(whole.model, data, [2, ...input]) };
}

describe("Splitting a network where it is frozen", () => {
  it("gives a backbone and a head that make the whole", async () => {
    const whole = sequential(
      [conv("a"), maxPool(), conv("b"), flatten(), dense({ units: 2, name: "c" })],
      { input: [1, 8, 8] },
    );
    const options = { trainable: freeze(whole, "a", "b") };
    const { split, parts, whole: expected } = await both(whole, options, [1, 8, 8]);
    expect(split.features).toEqual([48]);
    expect(split.head.layers.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      "flatten input",
      "c dense",
    ]);
    expect(largestDifference(parts, expected)).toBeLessThan(1e-6);
    expect(summarise(split.head).total).toBe(98);
    const back = split.join(split.head);
    expect(parameterValues(back)).toEqual(parameterValues(whole));
  });

  it("takes the last place that all data passes, where branches cross", () => {
    const block =
      (name: string): Layer =>
      (input) =>
        add({ name: `${name}.sum` })(input, conv(`${name}.2`)(conv(`${name}.1`)(input)));
    const whole = sequential(
      [conv("stem"), block("one"), block("two"), flatten(), dense({ units: 1 })],
      {
        input: [1, 4, 4],
      },
    );
    const endOf = (...names: string[]) =>
      splitFrozen(whole, { trainable: trainOnly(whole, ...names) })?.head.layers[0].name;
    expect(endOf("dense")).toBe("flatten");
    expect(endOf("two.1")).toBe("one.sum");
    expect(endOf("two.2", "dense")).toBe("one.sum");
    expect(endOf("one.2")).toBe("stem");
    expect(endOf("stem")).toBeUndefined();
  });

  it("keeps what moves without a gradient in the head", () => {
    const whole = sequential(
      [
        conv("a"),
        batchNormalisation({ name: "n" }),
        conv("b"),
        dropout(0.5),
        flatten(),
        dense({ units: 1 }),
      ],
      { input: [1, 4, 4] },
    );
    const trainable = trainOnly(whole, "dense");
    const endOf = (frozenStatistics: boolean | "with-layer") =>
      splitFrozen(whole, { trainable, frozenStatistics })?.head.layers[0].name;
    expect(endOf(false)).toBe("a");
    expect(endOf(true)).toBe("b");
    expect(endOf("with-layer")).toBe("b");
    const scaled = trainOnly(whole, "n.weight", "dense");
    expect(
      splitFrozen(whole, { trainable: scaled, frozenStatistics: "with-layer" })?.features,
    ).toEqual([3, 4, 4]);
  });

  it("is undefined where nothing is frozen at the start", () => {
    const whole = sequential(
      [flatten(), dense({ units: 2 }), activation("relu"), dense({ units: 1 })],
      {
        input: [4],
      },
    );
    expect(splitFrozen(whole)).toBeUndefined();
    expect(splitFrozen(whole, { trainable: freeze(whole, "dense_1") })).toBeUndefined();
    expect(splitFrozen(whole, { trainable: freeze(whole, "dense") })).toBeDefined();
  });

  it.each(EXPORTED)("splits the %s network that PyTorch exported", async (name) => {
    const whole = networkFromModel(exported(name).model);
    const trainable = trainOnly(whole, -1);
    const options = { trainable, frozenStatistics: true };
    const { parts, whole: expected, split } = await both(whole, options, [1, 12, 12]);
    expect(largestDifference(parts, expected)).toBeLessThan(1e-6);
    expect(summarise(split.head).layers.length).toBeLessThan(4);
  });

  it("never leaves anything that learns in the backbone, and computes the same", async () => {
    const graphs = fc.record({
      // Each layer adds one of those before it to its own.
      skips: fc.array(fc.nat(8), { minLength: 1, maxLength: 6 }),
      frozen: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(graphs, async ({ skips, frozen }) => {
        const build = (input: Signal) => {
          const signals = [conv("stem")(input)];
          for (const [at, skip] of skips.entries()) {
            const own = conv(`c${at}`)(signals[signals.length - 1]);
            signals.push(add({ name: `s${at}` })(own, signals[skip % signals.length]));
          }
          return dense({ units: 1 })(flatten()(signals[signals.length - 1]));
        };
        const whole = network(build, { input: [1, 3, 3] });
        const trainable = (name: string) =>
          name.startsWith("dense") || (/^c\d/.test(name) && !frozen[Number(name[1])]);
        const { split, parts, whole: expected } = await both(whole, { trainable }, [1, 3, 3]);
        const inBackbone = split.backbone.graph.initializers.map(({ name }) => name);
        expect(inBackbone.filter(trainable)).toEqual([]);
        expect(largestDifference(parts, expected)).toBeLessThan(1e-5);
      }),
      { numRuns: 25 },
    );
  });
});

describe("A head on features", () => {
  it("learns as it does in the whole network", async () => {
    const base = sequential([conv("a", 4), maxPool(), conv("b", 4), maxPool()], {
      input: [1, 8, 8],
    });
    const whole = addHead(base, {
      head: classificationHead({ outputs: 1, pooling: "flatten", hidden: 8 }),
    });
    const count = 24;
    const draw = randomStream({ seed: 3, purpose: "test" });
    const inputs = Float32Array.from({ length: count * 64 }, () => draw.normal());
    const targets = Float32Array.from({ length: count }, (_, at) => Number(inputs[at * 64] > 0));
    const data = arraySource({ inputs, targets, count });
    const options = {
      ...{ loss: binaryCrossEntropy(), optimiser: adam({ learningRate: 0.01 }), epochs: 3 },
      ...{ batchSize: 8, device: "cpu" as const, threads: 1, seed: 5 },
      trainable: freeze(whole, "a", "b"),
    };
    const plain = await train(whole, { ...options, data });
    const split = splitFrozen(whole, options);
    if (!split) throw new Error("nothing was split");
    const features = await featureSource(split.backbone, data, { batchSize: 7, threads: 1 });
    const { network: head, history } = await train(split.head, { ...options, data: features });
    const joined = split.join(head);
    for (const [name, expected] of Object.entries(parameterValues(plain.network))) {
      expect(largestDifference(parameterValues(joined)[name], expected), name).toBeLessThan(1e-5);
    }
    expect(history[2].loss).toBeCloseTo(plain.history[2].loss, 5);
    expect(history[2].loss).toBeLessThan(history[0].loss);
  });
});
