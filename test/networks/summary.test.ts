import { describe, expect, it } from "vitest";
import {
  convolution,
  dense,
  flatten,
  maxPool,
  type Network,
  sequential,
  summarise,
  summary,
} from "../../src/networks/index.ts";

/** The network of the classic tutorial. */
function tutorial(): Network {
  return sequential(
    [
      convolution({ filters: 32, kernel: 3, activation: "relu" }),
      maxPool({ size: 2 }),
      convolution({ filters: 64, kernel: 3, activation: "relu" }),
      maxPool({ size: 2 }),
      flatten(),
      dense({ units: 128, activation: "relu" }),
      dense({ units: 1, activation: "sigmoid" }),
    ],
    { input: [1, 128, 128] },
  );
}

describe("a network", () => {
  it("refuses two layers of one name", () => {
    const twice = () =>
      sequential([flatten({ name: "a" }), flatten({ name: "a" })], { input: [1, 4] });
    expect(twice).toThrow(/two layers are called "a"/);
  });
});

describe("summary", () => {
  it("counts the parameters of the tutorial network as Keras does", () => {
    const { layers, total, trainable, frozen } = summarise(tutorial());
    const counts = layers.map(({ parameters }) => parameters);
    expect(counts).toEqual([0, 320, 0, 18_496, 0, 0, 7_372_928, 129]);
    expect([total, trainable, frozen]).toEqual([7_391_873, 7_391_873, 0]);
    expect(layers.map(({ outputShape }) => outputShape.slice(1))).toEqual([
      [1, 128, 128],
      [32, 126, 126],
      [32, 63, 63],
      [64, 61, 61],
      [64, 30, 30],
      [57_600],
      [128],
      [1],
    ]);
  });

  it("prints layer, shape, parameters and whether they are trained", () => {
    const text = summary(tutorial(), { trainable: (name) => name.startsWith("dense") });
    expect(text).toContain("conv (conv)            (None, 32, 126, 126)        320  no");
    expect(text).toContain("Trainable params: 7,373,057");
    expect(text).toContain("Non-trainable params: 18,816");
  });
});
