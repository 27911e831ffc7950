// Values along a straight line, within bounds if asked: what most normalisations come to in the end.

import { type Image, RoentgenError, rules, type VoxelArray } from "../../base/index.ts";
import { type FloatArray, mapChannels } from "./channels.ts";

/** y = (x − subtract) / divide · times + add, then kept within low and high. */
export interface Line {
  readonly subtract: number;
  readonly divide: number;
  readonly times?: number;
  readonly add?: number;
  readonly low?: number;
  readonly high?: number;
}

/** The line through (from, to) at both ends; where the ends of `from` coincide, everything goes to the lower end. */
export function lineBetween(
  [x0, x1]: readonly [number, number],
  [y0, y1]: readonly [number, number],
): Line {
  const divide = x1 > x0 ? x1 - x0 : Number.POSITIVE_INFINITY;
  return { subtract: x0, divide, times: y1 - y0, add: y0 };
}

/** A line for each channel, or one for all. */
export function mapLinear(image: Image, channelWise: boolean, lines: readonly Line[]): Image {
  return mapChannels(image, { channelWise }, (values, into, channel) =>
    fillLine(values, into, lines[channel]),
  );
}

function fillLine(values: VoxelArray, into: FloatArray, line: Line): void {
  const { subtract, divide, times = 1, add = 0 } = line;
  const { low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY } = line;
  for (let at = 0; at < values.length; at++) {
    const y = ((values[at] - subtract) / divide) * times + add;
    into[at] = Math.max(low, Math.min(high, y));
  }
}

/** A number that was fitted before: one for all channels, or one each. */
export function perChannel() {
  const number = rules.number({ error: "a number, or one for each channel" });
  return rules.union([number, rules.array(number).min(1)], {
    error: "a number, or one for each channel",
  });
}

/**
 * The given number for each of so many channels.
 * @throws RoentgenError "shape-mismatch" where numbers and channels differ in count
 */
export function spread(
  given: number | readonly number[],
  channels: number,
  name: string,
): readonly number[] {
  if (typeof given === "number") return Array<number>(channels).fill(given);
  if (given.length === channels) return given;
  throw new RoentgenError("shape-mismatch", {
    problem: `Option "${name}" does not fit the channels`,
    expected: `${channels} numbers, one for each channel, or a single one`,
    found: `${given.length}`,
    subject: name,
  });
}
