import { describe, expect, it } from "vitest";
import {
  convolution,
  dense,
  type Initialiser,
  parameterValues,
  sequential,
} from "../../src/networks/index.ts";

/** The weights of a dense layer of 300 units on 200 features. */
function weightsOf(initialiser: Initialiser, { seed = 1, name = "dense" } = {}): Float32Array {
  const layer = dense({ units: 300, initialiser, name });
  const values = parameterValues(sequential([layer], { input: [200], seed }));
  return values[`${name}.weight`].data as Float32Array;
}

function momentsOf(values: Float32Array) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, variance, largest: Math.max(...values.map(Math.abs)) };
}

const [INTO, OUT] = [200, 300];

describe("initialisers", () => {
  it.each<[Initialiser, number]>([
    ["glorot-uniform", 2 / (INTO + OUT)],
    ["glorot-normal", 2 / (INTO + OUT)],
    ["he-uniform", 2 / INTO],
    ["he-normal", 2 / INTO],
    ["lecun-uniform", 1 / INTO],
    ["lecun-normal", 1 / INTO],
  ])("%s has mean 0 and the variance of its paper", (initialiser, expected) => {
    const { mean, variance, largest } = momentsOf(weightsOf(initialiser));
    // The mean of 60,000 draws strays by √(v / n), the variance by at most v √(2 / n): four times that.
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(expected / 60_000));
    expect(Math.abs(variance / expected - 1)).toBeLessThan(4 * Math.sqrt(2 / 60_000));
    // A uniform distribution ends at √(3 v), a normal one is cut at two of its standard deviations.
    const end = initialiser.toString().endsWith("uniform") ? Math.sqrt(3) : 2 / 0.8796256610342398;
    expect(largest / Math.sqrt(expected)).toBeGreaterThan(0.99 * end);
    expect(largest / Math.sqrt(expected)).toBeLessThanOrEqual(end * (1 + 1e-6));
  });

  it("count the kernel of a convolution among the connections", () => {
    const layer = convolution({ filters: 64, kernel: 5, initialiser: "he-normal" });
    const values = parameterValues(sequential([layer], { input: [32, 8, 8] }));
    const { variance } = momentsOf(values["conv.weight"].data as Float32Array);
    expect(variance / (2 / (32 * 25))).toBeCloseTo(1, 1);
    const biases = values["conv.bias"].data as Float32Array;
    expect(biases.every((value) => value === 0)).toBe(true);
  });

  it.each([
    [8, [20]],
    [20, [8]],
    [6, [2, 3, 3]],
  ])("orthogonal gives %s filters on [%s] unit lengths at right angles", (units, input) => {
    const isImage = input.length > 1;
    const layer = isImage
      ? convolution({ filters: units, kernel: 3, initialiser: "orthogonal", name: "layer" })
      : dense({ units, initialiser: "orthogonal", name: "layer" });
    const { data, shape } = parameterValues(sequential([layer], { input }))["layer.weight"];
    const columns = shape.slice(1).reduce((product, length) => product * length, 1);
    const at = (row: number, column: number) => Number(data[row * columns + column]);
    const [count, length] = units <= columns ? [units, columns] : [columns, units];
    const part = units <= columns ? at : (one: number, along: number) => at(along, one);
    for (let a = 0; a < count; a++) {
      for (let b = 0; b < count; b++) {
        let dot = 0;
        for (let along = 0; along < length; along++) dot += part(a, along) * part(b, along);
        expect(dot).toBeCloseTo(a === b ? 1 : 0, 5);
      }
    }
  });

  it.each<[Initialiser, number]>([
    ["zeros", 0],
    ["ones", 1],
    [0.25, 0.25],
  ])("%s fills", (initialiser, value) => {
    expect(weightsOf(initialiser).every((one) => one === value)).toBe(true);
  });

  it("give the same numbers for the same seed and name, and others for others", () => {
    const first = weightsOf("he-normal");
    expect(weightsOf("he-normal")).toEqual(first);
    expect(weightsOf("he-normal", { seed: 2 })).not.toEqual(first);
    expect(weightsOf("he-normal", { name: "other" })).not.toEqual(first);
  });

  it("draw for each parameter alone, whatever stands beside it", () => {
    const alone = sequential([dense({ units: 4, name: "head" })], { input: [5] });
    const beside = sequential([dense({ units: 5 }), dense({ units: 4, name: "head" })], {
      input: [5],
    });
    const [a, b] = [alone, beside].map((network) => parameterValues(network)["head.weight"].data);
    expect(a).toEqual(b);
  });
});
