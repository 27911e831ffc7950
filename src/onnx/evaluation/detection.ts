// Evaluation of operators on boxes in images.

import type { Numbers } from "./plain-tensor.ts";
import { numbers } from "./positions.ts";
import type { EvaluatedNode, EvaluationRule, EvaluationRules } from "./rule.ts";

interface Box {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** NonMaxSuppression: of each class the best boxes that overlap none better by more than a threshold. */
const suppression: EvaluationRule = (node) => {
  const [boxes, scores] = [node.input(0), node.input(1)];
  const most = node.optional(2)?.data[0] ?? 0;
  const overlap = node.optional(3)?.data[0] ?? 0;
  const least = node.optional(4)?.data[0];
  const [batch, classes, count] = scores.shape;
  const kept: number[] = [];
  for (let n = 0; n < batch; n++) {
    const own = Array.from({ length: count }, (_, at) => boxOf(node, boxes, n * count + at));
    for (let c = 0; c < classes; c++) {
      const score = (at: number) => scores.data[(n * classes + c) * count + at];
      const order = Array.from({ length: count }, (_, at) => at)
        .filter((at) => least === undefined || score(at) > least)
        .sort((a, b) => score(b) - score(a) || a - b);
      const chosen: number[] = [];
      for (const at of order) {
        if (chosen.length >= most) break;
        if (chosen.every((one) => overlapOf(own[one], own[at]) <= overlap)) chosen.push(at);
      }
      kept.push(...chosen.flatMap((at) => [n, c, at]));
    }
  }
  return [numbers([kept.length / 3, 3], kept, "int64")];
};

/** A box from two corners in any order, or from centre and size. */
function boxOf(node: EvaluatedNode, { data }: Numbers, at: number): Box {
  const [a, b, c, d] = data.subarray(at * 4, at * 4 + 4);
  if (node.int("center_point_box", 0) === 1) {
    return { left: a - c / 2, right: a + c / 2, top: b - d / 2, bottom: b + d / 2 };
  }
  return {
    top: Math.min(a, c),
    bottom: Math.max(a, c),
    left: Math.min(b, d),
    right: Math.max(b, d),
  };
}

/** Area in common over area in all. */
function overlapOf(a: Box, b: Box): number {
  const height = Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
  const width = Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left));
  const areaOf = (box: Box) => (box.bottom - box.top) * (box.right - box.left);
  const common = height * width;
  return common === 0 ? 0 : common / (areaOf(a) + areaOf(b) - common);
}

/** RoiAlign: each cell of a grid over a region as the mean or maximum of samples (He et al. 2017, section 3). */
const roiAlign: EvaluationRule = (node) => {
  const [x, regions, batches] = [node.input(0), node.input(1), node.input(2)];
  const shape = node.outputShape();
  const [count, channels, rows, columns] = shape;
  const [height, width] = x.shape.slice(2);
  const scale = node.float("spatial_scale", 1);
  const isMax = node.text("mode", "avg") === "max";
  const mode = node.text(
    "coordinate_transformation_mode",
    node.opset >= 16 ? "half_pixel" : "output_half_pixel",
  );
  const shift = mode === "half_pixel" ? 0.5 : 0;
  const data: number[] = [];
  for (let region = 0; region < count; region++) {
    const [x1, y1, x2, y2] = regions.data
      .subarray(region * 4, region * 4 + 4)
      .map((place) => place * scale - shift);
    // Without the half-pixel shift a region is at least one pixel large.
    const least = shift ? Number.NEGATIVE_INFINITY : 1;
    const [cellHeight, cellWidth] = [
      Math.max(y2 - y1, least) / rows,
      Math.max(x2 - x1, least) / columns,
    ];
    const ratio = node.int("sampling_ratio", 0);
    const [down, across] = [ratio || Math.ceil(cellHeight), ratio || Math.ceil(cellWidth)];
    for (let c = 0; c < channels; c++) {
      const plane = (batches.data[region] * channels + c) * height * width;
      const at = (y: number, xx: number) => x.data[plane + y * width + xx];
      for (let cell = 0; cell < rows * columns; cell++) {
        const top = y1 + Math.floor(cell / columns) * cellHeight;
        const left = x1 + (cell % columns) * cellWidth;
        const samples = Array.from({ length: down * across }, (_, sample) => {
          const y = top + ((Math.floor(sample / across) + 0.5) * cellHeight) / down;
          const xx = left + (((sample % across) + 0.5) * cellWidth) / across;
          return corners(y, xx, height, width).map(
            ([row, column, weight]) => weight * at(row, column),
          );
        });
        // The maximum is over weighted corners, as the operator is defined, not over interpolated samples.
        const parts = samples.flat();
        const sum = parts.reduce((total, part) => total + part, 0);
        data.push(isMax ? Math.max(...parts) : sum / Math.max(1, samples.length));
      }
    }
  }
  return [numbers(shape, data, x.type)];
};

/** The four elements around a place with their bilinear weights; of weight 0 where it lies outside. */
function corners(y: number, x: number, height: number, width: number): [number, number, number][] {
  const isOutside = y < -1 || y > height || x < -1 || x > width;
  const [row, column] = [Math.min(Math.max(y, 0), height - 1), Math.min(Math.max(x, 0), width - 1)];
  const [top, left] = [Math.floor(row), Math.floor(column)];
  const [bottom, right] = [Math.min(top + 1, height - 1), Math.min(left + 1, width - 1)];
  const [down, across] = [row - top, column - left];
  const part = isOutside ? 0 : 1;
  return [
    [top, left, part * (1 - down) * (1 - across)],
    [top, right, part * (1 - down) * across],
    [bottom, left, part * down * (1 - across)],
    [bottom, right, part * down * across],
  ];
}

/** Rules by operator. */
export const detectionRules: EvaluationRules = {
  NonMaxSuppression: suppression,
  RoiAlign: roiAlign,
};
