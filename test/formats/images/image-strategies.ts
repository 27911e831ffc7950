// Arbitrary images: every element type, grids turned and mirrored at will, channels that files can name.

import fc from "fast-check";
import {
  type ChannelAxis,
  channelCount,
  type Geometry,
  type Image,
  type Matrix3,
  makeImage,
  makeVoxels,
  patientGeometry,
  type Triple,
  type VoxelType,
  voxelCount,
} from "../../../src/base/index.ts";

const TYPES: readonly VoxelType[] = [
  ...(["int8", "uint8", "int16", "uint16"] as const),
  ...(["int32", "uint32", "float32", "float64"] as const),
];

interface Wanted {
  types?: readonly VoxelType[];
  frame?: Geometry["frame"];
  channels?: readonly (readonly ChannelAxis[])[];
}

/** Channels that NIfTI gives back under the same names, in the order of the file. */
const CHANNELS: readonly (readonly ChannelAxis[])[] = [
  [],
  [{ name: "time", size: 3 }],
  [{ name: "vector", size: 2 }],
  [
    { name: "vector", size: 3 },
    { name: "time", size: 2 },
  ],
];

/** Images of up to 5 × 5 × 5 voxels. */
export function imagesOf({
  types = TYPES,
  frame,
  channels = CHANNELS,
}: Wanted = {}): fc.Arbitrary<Image> {
  const frames = frame ? [frame] : (["LPS", "LPS", "pixels"] as const);
  return fc
    .record({
      type: fc.constantFrom(...types),
      frame: fc.constantFrom(...frames),
      size: triple(fc.integer({ min: 1, max: 5 })),
      spacing: triple(fc.double({ min: 0.05, max: 20, noNaN: true })),
      origin: triple(fc.double({ min: -500, max: 500, noNaN: true })),
      direction: directions(),
      channels: fc.constantFrom(...channels),
      seed: fc.integer(),
    })
    .map(({ type, channels, seed, ...place }) => {
      const { frame, size, spacing } = place;
      const geometry = frame === "LPS" ? patientGeometry(place) : { frame, size, spacing };
      const data = makeVoxels(type, voxelCount(geometry) * channelCount({ channels }));
      // Typed arrays wrap numbers to their range; floats get decimals.
      for (let at = 0; at < data.length; at++) data[at] = (seed % 1009) * 7.25 + at * 31.5;
      return makeImage({ geometry, channels, data });
    });
}

function triple(one: fc.Arbitrary<number>): fc.Arbitrary<Triple> {
  return fc.tuple(one, one, one);
}

/** Rotations by unit quaternions, half of them mirrored. */
function directions(): fc.Arbitrary<Matrix3> {
  const part = fc.double({ min: -1, max: 1, noNaN: true });
  return fc
    .tuple(part, part, part, part, fc.boolean())
    .filter(([a, b, c, d]) => Math.hypot(a, b, c, d) > 0.1)
    .map(([...parts]) => {
      const length = Math.hypot(...(parts.slice(0, 4) as number[]));
      const [a, b, c, d] = parts.slice(0, 4).map((value) => (value as number) / length);
      const sign = parts[4] ? -1 : 1;
      return [
        a * a + b * b - c * c - d * d,
        2 * (b * c - a * d),
        sign * 2 * (b * d + a * c),
        2 * (b * c + a * d),
        a * a + c * c - b * b - d * d,
        sign * 2 * (c * d - a * b),
        2 * (b * d - a * c),
        2 * (c * d + a * b),
        sign * (a * a + d * d - b * b - c * c),
      ];
    });
}
