// Weights by a rule that expected/generated_weights.py has too, so that none need be stored.

import { createHash } from "node:crypto";
import { elementCount } from "../../../src/base/index.ts";
import {
  type Network,
  type ParameterRecord,
  parametersOf,
  withParameters,
} from "../../../src/networks/index.ts";

/** The network with the weights that the rule gives its parameters. */
export function filled(network: Network, gain = 2): Network {
  const values = parametersOf(network).map(({ name, shape }) => [
    name,
    { type: "float32", shape, data: generated(name, shape, gain) },
  ]);
  return withParameters(network, Object.fromEntries(values));
}

/**
 * Element i is v = mix(i · 0x9e3779b9 + key) / 2^31 − 1, scaled by what the tensor is for. The gain makes up for what
 * activations take from the variance.
 */
export function generated(name: string, shape: readonly number[], gain = 2): Float32Array {
  const [centre, half] = rangeOf(name, shape, gain);
  const key = hashOf(name);
  const data = new Float32Array(elementCount(shape));
  for (let at = 0; at < data.length; at++) {
    data[at] = centre + half * (mix(Math.imul(at, 0x9e3779b9) + key) / 2 ** 31 - 1);
  }
  return data;
}

/** Number, elements and a hash of the names and shapes of all weights. */
export function layoutOf(network: Network): { tensors: number; elements: number; sha256: string } {
  const all: readonly ParameterRecord[] = parametersOf(network);
  // Python sorts by code points, as this does.
  const lines = all.map(({ name, shape }) => `${name} [${shape.join(", ")}]`).sort();
  return {
    tensors: all.length,
    elements: all.reduce((sum, { shape }) => sum + elementCount(shape), 0),
    sha256: createHash("sha256").update(lines.join("\n")).digest("hex"),
  };
}

/** FNV-1a. */
function hashOf(name: string): number {
  let key = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) key = Math.imul(key ^ byte, 0x01000193);
  return key;
}

/** The finaliser of MurmurHash3, as an unsigned number. */
function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function rangeOf(
  name: string,
  shape: readonly number[],
  gain: number,
): [centre: number, half: number] {
  const part = name.split(".").at(-1) ?? "";
  if (["bias", "running_mean", "mean"].includes(part)) return [0, 0.1];
  if (["running_var", "variance"].includes(part)) return [1, 0.25];
  if (part === "layer_scale") return [0.5, 0.25];
  if (part !== "weight") return [0, 0.5];
  if (shape.length === 1) return [1, 0.25];
  return [0, Math.sqrt((3 * (shape.length > 2 ? gain : 1)) / elementCount(shape.slice(1)))];
}
