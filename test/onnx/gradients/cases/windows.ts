// Cases of convolutions, pools and regions.

import { type Attribute, float, int, ints, text } from "../../../../src/onnx/index.ts";
import { type GradientCase, lengths, numbers, type Pick } from "../gradient-case.ts";

/** A random window over `rank` axes with the padding of one of the kinds; pads stay below the kernel's reach. */
function windowOf(pick: Pick, rank: number, { isPool = false }: { isPool?: boolean } = {}) {
  const kernel = pick.ints(rank, 1, 3);
  const dilations = kernel.map((length) => (length > 1 ? pick.int(1, 2) : 1));
  const strides = pick.ints(rank, 1, 3);
  const reach = kernel.map((length, axis) => (length - 1) * dilations[axis] + 1);
  const padding = pick.of("NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER");
  const most = isPool ? kernel : reach;
  const pads = [...most, ...most].map((length) => pick.int(0, length - 1));
  const attributes: Record<string, Attribute> = {
    kernel_shape: ints(kernel),
    strides: ints(strides),
    ...(padding === "NOTSET" ? { pads: ints(pads) } : { auto_pad: text(padding) }),
    ...(padding.startsWith("SAME") ? {} : { dilations: ints(dilations) }),
  };
  const size = reach.map((length) => length + pick.int(0, 4));
  return { kernel, strides, reach, size, attributes, padding };
}

const conv = (rank: number): GradientCase => ({
  operator: "Conv",
  of: `over ${rank} axes`,
  draw: (pick) => {
    const { kernel, size, attributes } = windowOf(pick, rank);
    const group = pick.int(1, 3);
    const [batch, channels, filters] = pick.ints(3, 1, 2);
    const bias = pick.of(true, false) ? [pick.variable([filters * group])] : [];
    return {
      inputs: [
        pick.variable([batch, channels * group, ...size]),
        pick.variable([filters * group, channels, ...kernel]),
        ...bias,
      ],
      attributes: { ...attributes, group: int(group) },
    };
  },
});

const convTranspose = (rank: number): GradientCase => ({
  operator: "ConvTranspose",
  of: `over ${rank} axes`,
  draw: (pick) => {
    const kernel = pick.ints(rank, 1, 3);
    const dilations = pick.ints(rank, 1, 2);
    const strides = pick.ints(rank, 1, 3);
    const reach = kernel.map((length, axis) => (length - 1) * dilations[axis] + 1);
    const size = pick.ints(rank, 2, 4);
    const group = pick.int(1, 2);
    const [batch, channels, filters] = pick.ints(3, 1, 2);
    // Where windows leave gaps, ONNX Runtime's SAME_* gives less than input · stride, against the specification.
    const hasGaps = reach.some((length, axis) => length < strides[axis]);
    const kind = pick.of("pads", "output_shape", ...(hasGaps ? [] : ["SAME_UPPER", "SAME_LOWER"]));
    const whole = size.map((length, axis) => (length - 1) * strides[axis] + reach[axis]);
    const paddings: Record<string, () => Record<string, Attribute>> = {
      pads: () => ({
        pads: ints([...reach, ...reach].map((length) => pick.int(0, Math.min(1, length - 1)))),
        output_padding: ints(strides.map((stride) => pick.int(0, stride - 1))),
      }),
      output_shape: () => ({
        output_shape: ints(whole.map((length) => length - pick.int(0, Math.min(2, length - 1)))),
      }),
    };
    const same = () => ({ auto_pad: text(kind) });
    const bias = pick.of(true, false) ? [pick.variable([filters * group])] : [];
    return {
      inputs: [
        pick.variable([batch, channels * group, ...size]),
        pick.variable([channels * group, filters, ...kernel]),
        ...bias,
      ],
      attributes: {
        kernel_shape: ints(kernel),
        strides: ints(strides),
        dilations: ints(dilations),
        group: int(group),
        ...(paddings[kind] ?? same)(),
      },
    };
  },
});

const pool = (
  operator: string,
  rank: number,
  more: (pick: Pick) => Record<string, Attribute>,
): GradientCase => ({
  operator,
  of: `over ${rank} axes`,
  draw: (pick) => {
    const { size, attributes, strides, reach, padding } = windowOf(pick, rank, { isPool: true });
    // Windows that start beyond the input are counted by ONNX Runtime, against the specification.
    const mayRound = padding === "NOTSET" && strides.every((stride, axis) => stride <= reach[axis]);
    return {
      inputs: [pick.variable([...pick.ints(2, 1, 2), ...size])],
      attributes: { ...attributes, ceil_mode: int(mayRound ? pick.int(0, 1) : 0), ...more(pick) },
    };
  },
});

/** Windows that follow each other without gap. */
const tiling = (operator: string): GradientCase => ({
  operator,
  of: "of tiles",
  draw: (pick) => {
    const kernel = pick.ints(pick.int(1, 3), 1, 3);
    const size = kernel.map((length) => length * pick.int(1, 3) + pick.int(0, length - 1));
    return {
      inputs: [pick.variable([...pick.ints(2, 1, 2), ...size])],
      attributes: { kernel_shape: ints(kernel), strides: ints(kernel) },
    };
  },
});

const globalPool = (operator: string): GradientCase => ({
  operator,
  draw: (pick) => ({
    inputs: [pick.variable(pick.ints(pick.int(3, 5), 1, 3))],
    ...(operator === "GlobalLpPool" ? { attributes: { p: int(pick.int(1, 3)) } } : {}),
  }),
});

const roiAlign: GradientCase = {
  operator: "RoiAlign",
  draw: (pick) => {
    const [batch, channels, regions, rows, columns] = [...pick.ints(4, 1, 3), pick.int(1, 3)];
    const size = pick.ints(2, 3, 6);
    // Two opposite corners, some of them outside the image.
    const corners = Array.from({ length: regions }, () => {
      const [left, top] = pick.ints(2, -8, 24).map((at) => at / 5);
      const [width, height] = pick.ints(2, 1, 40).map((length) => length / 7);
      return [left, top, left + width, top + height];
    });
    const mode = pick.of("half_pixel", "output_half_pixel");
    return {
      inputs: [
        pick.variable([batch, channels, ...size]),
        numbers([regions, 4], corners.flat(), "fixed"),
        pick.indices([regions], 0, batch - 1),
      ],
      attributes: {
        coordinate_transformation_mode: text(mode),
        output_height: int(rows),
        output_width: int(columns),
        sampling_ratio: int(pick.int(1, 3)),
        spatial_scale: float(pick.of(1, 0.5)),
      },
    };
  },
};

export const windowCases: GradientCase[] = [
  ...[1, 2, 3].flatMap((rank) => [
    conv(rank),
    convTranspose(rank),
    pool("MaxPool", rank, () => ({})),
    pool("LpPool", rank, (pick) => ({ p: int(pick.int(1, 3)) })),
    {
      ...pool("AveragePool", rank, (pick) => ({ count_include_pad: int(pick.int(0, 1)) })),
      opset: 19,
    },
  ]),
  {
    operator: "Conv",
    of: "with more padding than the kernel reaches",
    draw: (pick) => ({
      inputs: [pick.variable([1, 2, 4, 4]), pick.variable([2, 2, 2, 1])],
      attributes: { pads: ints(pick.ints(4, 1, 3)) },
    }),
  },
  roiAlign,
  tiling("MaxPool"),
  tiling("AveragePool"),
  {
    operator: "MaxUnpool",
    draw: (pick) => {
      const [batch, channels, height, width] = pick.ints(4, 1, 2);
      const plane = height * width * 4;
      const places = Array.from({ length: batch * channels }, (_, at) =>
        pick.distinct(height * width, plane).map((place) => place + at * plane),
      );
      const shape = [batch, channels, height, width];
      return {
        inputs: [
          pick.variable(shape),
          {
            ...lengths(places.flat()),
            role: "fixed",
            tensor: { ...lengths(places.flat()).tensor, shape },
          },
        ],
        attributes: { kernel_shape: ints([2, 2]), strides: ints([2, 2]) },
      };
    },
  },
  ...["GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool"].map(globalPool),
  {
    operator: "Col2Im",
    draw: (pick) => {
      const rank = pick.int(1, 2);
      const block = pick.ints(rank, 1, 3);
      const [dilations, strides] = [pick.ints(rank, 1, 2), pick.ints(rank, 1, 2)];
      const pads = pick.ints(2 * rank, 0, 1);
      const image = block.map(
        (length, axis) => (length - 1) * dilations[axis] + 1 + pick.int(0, 3),
      );
      const positions = block.map((length, axis) => {
        const free =
          image[axis] + pads[axis] + pads[axis + rank] - (length - 1) * dilations[axis] - 1;
        return Math.floor(free / strides[axis]) + 1;
      });
      const product = (values: readonly number[]) => values.reduce((all, one) => all * one, 1);
      const [batch, channels] = pick.ints(2, 1, 2);
      return {
        inputs: [
          pick.variable([batch, channels * product(block), product(positions)]),
          lengths(image),
          lengths(block),
        ],
        attributes: { dilations: ints(dilations), strides: ints(strides), pads: ints(pads) },
      };
    },
  },
];
