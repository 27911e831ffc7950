// Cases of operators that rearrange, cut, join, pick and resample elements.

import { type Attribute, float, int, ints, text } from "../../../../src/onnx/index.ts";
import {
  booleans,
  countOf,
  type DrawnInput,
  type GradientCase,
  integers,
  lengths,
  numbers,
  type Pick,
} from "../gradient-case.ts";

const shapeOf = (pick: Pick, most = 4) => pick.ints(pick.int(1, most), 1, 4);

/** A random axis, counted from the start or the end. */
const axisOf = (pick: Pick, shape: readonly number[]) => {
  const axis = pick.int(0, shape.length - 1);
  return { axis, attribute: int(pick.of(axis, axis - shape.length)) };
};

const layout: GradientCase[] = [
  {
    operator: "Reshape",
    draw: (pick) => {
      const shape = shapeOf(pick);
      return {
        inputs: [
          pick.variable(shape),
          lengths(pick.of([-1], shape.toReversed(), [1, -1], [0, -1])),
        ],
      };
    },
  },
  {
    operator: "Flatten",
    draw: (pick) => {
      const shape = shapeOf(pick);
      return {
        inputs: [pick.variable(shape)],
        attributes: { axis: int(pick.int(0, shape.length)) },
      };
    },
  },
  {
    operator: "Squeeze",
    draw: (pick) => ({
      inputs: [pick.variable([1, 3, 1, 2]), ...pick.of([], [lengths([0])], [lengths([-2, 0])])],
    }),
  },
  {
    operator: "Unsqueeze",
    draw: (pick) => ({
      inputs: [pick.variable(shapeOf(pick)), lengths(pick.of([0], [-1], [0, 2]))],
    }),
  },
  {
    operator: "Transpose",
    draw: (pick) => {
      const shape = shapeOf(pick);
      const perm = ints(pick.distinct(shape.length, shape.length));
      return { inputs: [pick.variable(shape)], ...pick.of({}, { attributes: { perm } }) };
    },
  },
  {
    operator: "Expand",
    draw: (pick) => {
      const full = shapeOf(pick);
      const shape = full.slice(pick.int(0, full.length)).map((length) => pick.of(length, 1));
      return { inputs: [pick.variable(shape), lengths(full)] };
    },
  },
  {
    operator: "Tile",
    draw: (pick) => {
      const shape = shapeOf(pick);
      return { inputs: [pick.variable(shape), lengths(pick.ints(shape.length, 1, 3))] };
    },
  },
  {
    operator: "DepthToSpace",
    draw: (pick) => {
      const [batch, channels, height, width, size] = pick.ints(5, 1, 3);
      return {
        inputs: [pick.variable([batch, channels * size * size, height, width])],
        attributes: { blocksize: int(size), mode: text(pick.of("DCR", "CRD")) },
      };
    },
  },
  {
    operator: "SpaceToDepth",
    draw: (pick) => {
      const [batch, channels, height, width, size] = pick.ints(5, 1, 3);
      return {
        inputs: [pick.variable([batch, channels, height * size, width * size])],
        attributes: { blocksize: int(size) },
      };
    },
  },
  {
    operator: "Trilu",
    draw: (pick) => ({
      inputs: [
        pick.variable([...pick.ints(pick.int(0, 2), 1, 2), ...pick.ints(2, 1, 4)]),
        pick.of(undefined, integers([], [pick.int(-2, 2)], "constant")),
      ].filter(Boolean),
      attributes: { upper: int(pick.int(0, 1)) },
    }),
  },
  {
    operator: "ReverseSequence",
    draw: (pick) => {
      const [time, batch] = pick.ints(2, 1, 4);
      return {
        inputs: [pick.variable([time, batch, 2]), pick.indices([batch], 1, time)],
        attributes: { batch_axis: int(1), time_axis: int(0) },
      };
    },
  },
];

const parts: GradientCase[] = [
  {
    operator: "Concat",
    draw: (pick) => {
      const shape = shapeOf(pick);
      const { axis, attribute } = axisOf(pick, shape);
      const inputs = Array.from({ length: pick.int(1, 3) }, () =>
        pick.of(pick.variable, pick.fixed)(shape.with(axis, pick.int(1, 3))),
      );
      return { inputs: [pick.variable(shape), ...inputs], attributes: { axis: attribute } };
    },
  },
  {
    operator: "Split",
    draw: (pick) => {
      const counts = pick.ints(3, 1, 3);
      const shape = shapeOf(pick);
      const { axis, attribute } = axisOf(pick, shape);
      return {
        inputs: [
          pick.variable(
            shape.with(
              axis,
              counts.reduce((a, b) => a + b),
            ),
          ),
          lengths(counts),
        ],
        attributes: { axis: attribute },
        outputs: 3,
        uses: pick.of([0, 1, 2], [1], [0, 2]),
      };
    },
  },
  {
    operator: "Split",
    of: "into a number of parts",
    draw: (pick) => ({
      inputs: [pick.variable([pick.int(5, 7), 2])],
      attributes: { num_outputs: int(3) },
      outputs: 3,
      uses: [0, 2],
    }),
  },
  ...(["constant", "fixed"] as const).map(
    (role): GradientCase => ({
      operator: "Slice",
      of: role === "constant" ? "with constant bounds" : "with bounds known when it runs",
      draw: (pick) => {
        const shape = pick.ints(pick.int(1, 3), 2, 5);
        const axes = pick.distinct(pick.int(1, shape.length), shape.length);
        const bounds = axes.map((axis) => {
          const [step, first] = [pick.of(1, 1, 2, 3, -1, -2), pick.int(0, shape[axis] - 1)];
          const end = step > 0 ? pick.int(first + 1, shape[axis] + 2) : pick.int(-1, first - 1);
          return {
            step,
            first,
            end: end < 0 ? -1000 : end,
            axis: pick.of(axis, axis - shape.length),
          };
        });
        const vector = (values: readonly number[]) => integers([values.length], values, role);
        return {
          inputs: [
            pick.variable(shape),
            vector(bounds.map(({ first, axis }) => pick.of(first, first - (shape.at(axis) ?? 0)))),
            vector(bounds.map(({ end }) => end)),
            vector(bounds.map(({ axis }) => axis)),
            vector(bounds.map(({ step }) => step)),
          ],
        };
      },
    }),
  ),
  {
    operator: "Pad",
    of: "with a constant",
    draw: (pick) => {
      const shape = pick.ints(pick.int(1, 4), 3, 4);
      return {
        inputs: [
          pick.variable(shape),
          lengths(pick.ints(2 * shape.length, -1, 2)),
          pick.of(undefined, numbers([], [0.5], "variable")),
        ],
      };
    },
  },
  {
    operator: "Pad",
    of: "along some axes",
    draw: (pick) => ({
      inputs: [
        pick.variable(pick.ints(3, 2, 3)),
        lengths(pick.ints(2, 0, 2)),
        undefined,
        lengths([pick.int(-3, 2)]),
      ],
    }),
  },
  {
    operator: "Pad",
    of: "with copies",
    opset: 19,
    draw: (pick) => {
      const shape = pick.ints(pick.int(1, 3), 3, 4);
      return {
        inputs: [pick.variable(shape), lengths(pick.ints(2 * shape.length, 0, 2))],
        attributes: { mode: text(pick.of("edge", "reflect", "wrap")) },
      };
    },
  },
];

const picked: GradientCase[] = [
  {
    operator: "Gather",
    draw: (pick) => {
      const shape = shapeOf(pick);
      const { axis, attribute } = axisOf(pick, shape);
      const indices = pick.indices(pick.ints(pick.int(0, 2), 1, 4), -shape[axis], shape[axis] - 1);
      const role = pick.of("constant", "fixed");
      return {
        inputs: [pick.variable(shape), { ...indices, role }],
        attributes: { axis: attribute },
      };
    },
  },
  {
    operator: "GatherElements",
    draw: (pick) => {
      const shape = shapeOf(pick);
      const { axis, attribute } = axisOf(pick, shape);
      return {
        inputs: [
          pick.variable(shape),
          pick.indices(shape.with(axis, pick.int(1, 5)), -shape[axis], shape[axis] - 1),
        ],
        attributes: { axis: attribute },
      };
    },
  },
  {
    operator: "GatherND",
    draw: (pick) => {
      const [batch, rows, columns, rest] = pick.ints(4, 1, 3);
      const batchDims = pick.int(0, 1);
      const limit = Math.min(batch, rows, columns) - 1;
      const width = pick.int(1, 2);
      return {
        inputs: [
          pick.variable([batch, rows, columns, rest]),
          pick.indices([...(batchDims ? [batch] : []), pick.int(1, 4), width], -1, limit),
        ],
        attributes: { batch_dims: int(batchDims) },
      };
    },
  },
  {
    operator: "Compress",
    draw: (pick) => {
      const shape = pick.ints(2, 1, 4);
      const axis = pick.of(undefined, 0, 1, -1);
      const count = axis === undefined ? countOf(shape) : (shape.at(axis) ?? 0);
      const flags = Array.from({ length: count }, (_, at) => at === 0 || pick.of(true, false));
      return {
        inputs: [pick.variable(shape), booleans([count], flags, "constant")],
        ...(axis === undefined ? {} : { attributes: { axis: int(axis) } }),
      };
    },
  },
  {
    operator: "OneHot",
    draw: (pick) => ({
      inputs: [
        pick.indices(pick.ints(pick.int(1, 2), 1, 3), -3, 2),
        integers([], [3], "constant"),
        pick.variable([2]),
      ],
      attributes: { axis: int(pick.of(-1, 0)) },
    }),
  },
  {
    operator: "TopK",
    draw: (pick) => {
      const shape = shapeOf(pick);
      const { axis, attribute } = axisOf(pick, shape);
      return {
        inputs: [pick.variable(shape), lengths([pick.int(1, shape[axis])])],
        attributes: { axis: attribute, largest: int(pick.int(0, 1)) },
        outputs: 2,
      };
    },
  },
  ...["none", "add", "mul", "max", "min"].flatMap((reduction): GradientCase[] => [
    {
      operator: "ScatterElements",
      of: `with reduction ${reduction}`,
      draw: (pick) => {
        const shape = pick.ints(2, 2, 4);
        const { axis, attribute } = axisOf(pick, shape);
        const count = pick.int(1, shape[axis]);
        const updates = shape.with(axis, count);
        const indices =
          reduction === "none"
            ? integers(
                updates,
                repeatedAlong(updates, axis, pick.distinct(count, shape[axis])),
                "fixed",
              )
            : pick.indices(updates, -shape[axis], shape[axis] - 1);
        return {
          inputs: [pick.variable(shape), indices, pick.variable(updates)],
          attributes: { axis: attribute, reduction: text(reduction) },
        };
      },
    },
    {
      operator: "ScatterND",
      of: `with reduction ${reduction}`,
      draw: (pick) => {
        const [rows, columns] = pick.ints(2, 2, 4);
        const count = pick.int(1, rows);
        const indices =
          reduction === "none"
            ? integers([count, 1], pick.distinct(count, rows), "fixed")
            : pick.indices([count, 1], 0, rows - 1);
        return {
          inputs: [pick.variable([rows, columns]), indices, pick.variable([count, columns])],
          attributes: { reduction: text(reduction) },
        };
      },
    },
  ]),
  {
    operator: "ScatterElements",
    of: "of products with zeros",
    draw: (pick) => ({
      inputs: [
        numbers([3], [0, 2, 3], "variable"),
        pick.indices([4], 0, 2),
        numbers([4], [0, 1.5, pick.of(0, 2), -1], "variable"),
      ],
      attributes: { reduction: text("mul") },
    }),
  },
];

/** For every element of a shape the value that its index along the axis has. */
function repeatedAlong(
  shape: readonly number[],
  axis: number,
  values: readonly number[],
): number[] {
  const inner = countOf(shape.slice(axis + 1));
  return Array.from(
    { length: countOf(shape) },
    (_, at) => values[Math.floor(at / inner) % shape[axis]],
  );
}

const modes = [
  "half_pixel",
  "asymmetric",
  "align_corners",
  "pytorch_half_pixel",
  "half_pixel_symmetric",
] as const;

const resize = (
  mode: string,
  more: (pick: Pick) => Record<string, Attribute>,
  rest: Partial<GradientCase> = {},
): GradientCase => ({
  operator: "Resize",
  of: mode,
  opset: 19,
  draw: (pick) => {
    const size = pick.ints(2, 1, 5);
    const shape = [...pick.ints(2, 1, 2), ...size];
    const scaled = pick.of(true, false);
    const factors = [1, 1, ...size.map(() => pick.of(0.6, 1, 1.5, 2, 3))];
    const target = size.map((length) => Math.max(1, length + pick.int(-2, 4)));
    const isPossible = factors.every((factor, axis) => Math.floor(factor * shape[axis]) > 0);
    const inputs: (DrawnInput | undefined)[] =
      scaled && isPossible
        ? [undefined, numbers([4], factors, "constant")]
        : [undefined, undefined, lengths([...shape.slice(0, 2), ...target])];
    return {
      inputs: [pick.variable(shape), ...inputs],
      attributes: {
        mode: text(mode),
        coordinate_transformation_mode: text(pick.of(...modes)),
        ...more(pick),
      },
    };
  },
  ...rest,
});

const resampled: GradientCase[] = [
  resize("nearest", (pick) => ({
    nearest_mode: text(pick.of("round_prefer_floor", "round_prefer_ceil", "floor", "ceil")),
  })),
  resize("linear", () => ({})),
  resize("cubic", (pick) => ({
    cubic_coeff_a: float(pick.of(-0.75, -0.5)),
    exclude_outside: int(pick.int(0, 1)),
  })),
  {
    operator: "Resize",
    of: "of volumes",
    draw: (pick) => ({
      inputs: [
        pick.variable([1, 2, ...pick.ints(3, 1, 3)]),
        undefined,
        numbers([5], [1, 1, ...pick.of([2, 2, 2], [1, 2, 3], [1.5, 2, 1])], "constant"),
      ],
      attributes: {
        mode: text(pick.of("nearest", "linear")),
        coordinate_transformation_mode: text(pick.of("half_pixel", "align_corners", "asymmetric")),
      },
    }),
  },
  {
    operator: "Resize",
    of: "of a region",
    draw: (pick) => ({
      inputs: [
        pick.variable([1, 1, 4, 5]),
        numbers([8], [0, 0, 0.2, -0.1, 1, 1, 0.9, 1.2], "constant"),
        undefined,
        lengths([1, 1, ...pick.ints(2, 1, 4)]),
      ],
      attributes: {
        mode: text("linear"),
        coordinate_transformation_mode: text("tf_crop_and_resize"),
        extrapolation_value: float(0),
      },
    }),
  },
  ...(["linear", "nearest", "cubic"] as const).map(
    (mode): GradientCase => ({
      operator: "GridSample",
      of: mode,
      opset: 20,
      draw: (pick) => {
        const rank = mode === "cubic" ? 2 : pick.int(2, 3);
        const [batch, channels] = pick.ints(2, 1, 2);
        const size = pick.ints(rank, 1, 4);
        return {
          inputs: [
            pick.variable([batch, channels, ...size]),
            (mode === "nearest" ? pick.fixed : pick.variable)(
              [batch, ...pick.ints(rank, 1, 3), rank],
              {
                low: -1.4,
                high: 1.4,
              },
            ),
          ],
          attributes: {
            mode: text(mode),
            align_corners: int(pick.int(0, 1)),
            padding_mode: text(pick.of("zeros", "border", "reflection")),
          },
        };
      },
    }),
  ),
];

export const arrangementCases: GradientCase[] = [...layout, ...parts, ...picked, ...resampled];
