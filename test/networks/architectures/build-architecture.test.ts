import { describe, expect, it } from "vitest";
import {
  architecture,
  architectureNames,
  type BuildArchitectureOptions,
  buildArchitecture,
  parameterValues,
  scalingFor,
  summarise,
} from "../../../src/networks/index.ts";

describe("architecture", () => {
  it.each(architectureNames)("%s names layers that are there, for each reference", (name) => {
    for (const reference of architecture(name).references) {
      const { lastBlock, head, input, classes } = architecture(name, { reference });
      const { layers } = buildArchitecture(name, { reference, initialise: false });
      const shapeOf = (wanted: string) =>
        layers.find((layer) => layer.name === wanted)?.outputShape;
      expect(shapeOf(head)?.slice(0, 2), reference).toEqual(["N", classes]);
      expect(shapeOf(lastBlock)?.length, reference).toBeGreaterThan(2);
      expect(layers[0].outputShape.slice(1)).toEqual(input);
    }
  });

  it("of torchxrayvision differs in the first convolution and the classes", () => {
    const [xrays, photographs] = (["torchxrayvision", "torchvision"] as const).map((reference) => {
      const built = buildArchitecture("densenet121", { reference, initialise: false });
      const { parameters } = architecture("densenet121", { reference });
      expect(summarise(built).trainable).toBe(parameters);
      return parameterValues(built);
    });
    const differing = Object.keys(photographs).filter(
      (name) => photographs[name].shape.join() !== xrays[name].shape.join(),
    );
    expect(differing).toEqual(["features.conv0.weight", "classifier.weight", "classifier.bias"]);
  });

  it("is refused by another name, with those that there are", () => {
    expect(() => architecture("vgg17")).toThrow(/no architecture "vgg17".*cnn, compact, vgg16/s);
  });

  it("is refused as by an implementation that lacks it", () => {
    const wanted = { reference: "keras" } as const;
    expect(() => architecture("resnet34", wanted)).toThrow(/reference torchvision, found keras/);
  });
});

describe("buildArchitecture", () => {
  it("gives VGG-16 without its top the parameters that Keras says", () => {
    const { total } = summarise(
      buildArchitecture("vgg16", { includeTop: false, initialise: false }),
    );
    expect(total).toBe(14_714_688);
  });

  it.each<[string, BuildArchitectureOptions, (number | string)[]]>([
    ["classes", { classes: 3 }, ["N", 3]],
    ["the map of features", { includeTop: false }, ["N", 512, 2, 1]],
    ["means of it", { includeTop: false, pooling: "average" }, ["N", 512]],
    ["maxima of it", { includeTop: false, pooling: "max" }, ["N", 512]],
  ])("gives %s", (_, options, shape) => {
    const input = [1, 48, 32];
    const { layers } = buildArchitecture("resnet18", { input, initialise: false, ...options });
    expect(layers.at(-1)?.outputShape).toEqual(shape);
  });

  it("draws the same parameters from the same seed", () => {
    const [one, same, other] = [1, 1, 2].map((seed) =>
      parameterValues(buildArchitecture("cnn", { input: [1, 12, 12], seed })),
    );
    expect(same).toEqual(one);
    expect(other["dense.weight"].data).not.toEqual(one["dense.weight"].data);
  });

  it.each<[string, string, BuildArchitectureOptions, RegExp]>([
    ["a volume for a network of images", "vgg16", { input: [1, 32, 32, 32] }, /2 spatial axes/],
    [
      "an image that is too small",
      "vgg16",
      { input: [1, 32, 31] },
      /at least 32, found \[1, 32, 31\]/,
    ],
    ["pooling beside a top", "resnet18", { pooling: "max" }, /"pooling".*includeTop: false/s],
    [
      "classes without a top",
      "resnet18",
      { includeTop: false, classes: 2 },
      /"classes".*includeTop: true/s,
    ],
    [
      "a token of a convolutional network",
      "resnet18",
      { includeTop: false, pooling: "token" },
      /pooling average or max, found token/,
    ],
    ["an option that is none", "cnn", { class: 2 } as never, /no option "class"/],
  ])("refuses %s", (_, name, options, message) => {
    expect(() => buildArchitecture(name, { initialise: false, ...options })).toThrow(message);
  });
});

describe("scalingFor", () => {
  it("evens the published means out where channels differ", () => {
    const { scaling } = architecture("vgg16");
    expect(scalingFor(scaling, 3)).toBe(scaling);
    const { order, mean, deviation } = scalingFor(scaling, 1);
    expect({ order, deviation }).toEqual({ order: "RGB", deviation: [1] });
    expect(mean[0]).toBeCloseTo((103.939 + 116.779 + 123.68) / 3, 10);
  });
});
