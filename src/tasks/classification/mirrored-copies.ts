// An image and its mirror images go through a network as a batch, and what it says of them is averaged: test-time augmentation
// inside the deployed model. Krizhevsky, Sutskever & Hinton, NeurIPS 2012, section 4.1; for medical images Wang et al.,
// Neurocomputing 2019;338:34–45.

import { algebraOf, type GraphBuilder, int, type Term } from "../../onnx/index.ts";

/** Axes along which an image is mirrored: of "i" left and right, of "j" top and bottom change places. */
export type MirrorAxis = "i" | "j";

/** Copies of an image: as it is, and along every choice of the axes. */
export function copyCount(axes: readonly MirrorAxis[]): number {
  return 2 ** axes.length;
}

/** [N, channels, …size] → [copies · N, channels, …size]: the images as they are, then one batch of mirror images after another. */
export function withMirrorImages(graph: GraphBuilder, images: Term, axes: readonly MirrorAxis[]) {
  let copies = [images];
  for (const axis of axes) {
    copies = [...copies, ...copies.map((copy) => mirrored(graph, copy, axis))];
  }
  return copies.length === 1 ? images : algebraOf(graph).op("Concat", copies, { axis: int(0) });
}

function mirrored(graph: GraphBuilder, images: Term, axis: MirrorAxis): Term {
  const m = algebraOf(graph);
  const shape = graph.typeOf(images)?.shape ?? [];
  const at = shape.length - (axis === "i" ? 1 : 2);
  const length = Number(shape[at]);
  const turned = m.lengths(Array.from({ length }, (_, place) => length - 1 - place));
  return m.op("Gather", [images, turned], { axis: int(at) });
}

/** [copies · N, values] → [N, values]. */
export function meanOverCopies(graph: GraphBuilder, values: Term, copies: number): Term {
  if (copies === 1) return values;
  const m = algebraOf(graph);
  const width = Number(graph.typeOf(values)?.shape?.[1]);
  return m.mean(m.reshape(values, [copies, -1, width]), { axes: [0] });
}
