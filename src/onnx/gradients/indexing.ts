// Gradients of operators that pick elements by indices and put them there.

import type { Algebra, Term } from "../algebra.ts";
import { int, text } from "../model.ts";
import { axisOf } from "../shapes/dimensions.ts";
import { atPositions, positionsOf } from "./positions.ts";
import {
  countOf,
  type ForwardNode,
  type GradientRule,
  type GradientRules,
  indicator,
} from "./rule.ts";

/** Gather: each slice of dy is added to the slice that it was taken from. */
const gather: GradientRule = (node, m, dy) => {
  const [x, indices] = node.inputs;
  const shape = m.graph.shapeOf(x);
  const axis = axisOf(node.int("axis", 0), shape.length);
  const known = m.graph.valueOf(indices)?.map(Number);
  if (known?.length === 1) return [onlySlice(m, dy, { shape, axis, index: known[0] })];
  return [m.reshape(addedSlices(m, dy, { shape, axis, indices }), shape)];
};

/** dy as the only slice that is not 0. */
function onlySlice(
  m: Algebra,
  dy: Term,
  { shape, axis, index }: { shape: readonly number[]; axis: number; index: number },
): Term {
  const at = index < 0 ? index + shape[axis] : index;
  const amounts = [
    shape.map(() => 0).with(axis, at),
    shape.map(() => 0).with(axis, shape[axis] - at - 1),
  ];
  return m.op("Pad", [m.reshape(dy, shape.with(axis, 1)), m.lengths(amounts.flat())]);
}

/** All axes before the one that is indexed as one, all after it as another. */
function addedSlices(
  m: Algebra,
  dy: Term,
  { shape, axis, indices }: { shape: readonly number[]; axis: number; indices: Term },
): Term {
  const [outer, inner] = [countOf(shape.slice(0, axis)), countOf(shape.slice(axis + 1))];
  const updates = m.reshape(dy, [outer, -1, inner]);
  const column = m.reshape(indices, [1, -1, 1]);
  const places = m.op("Expand", [column, m.op("Shape", [updates])]);
  const zeros = m.fill(0, [outer, shape[axis], inner], dy);
  return m.op("ScatterElements", [zeros, places, updates], {
    axis: int(1),
    reduction: text("add"),
  });
}

/** GatherElements: each element of dy is added to the one that it was taken from. */
const gatherElements: GradientRule = (node, m, dy) => {
  const [x, indices] = node.inputs;
  const zeros = m.fill(0, m.graph.shapeOf(x), dy);
  const attributes = { axis: int(node.int("axis", 0)), reduction: text("add") };
  return [m.op("ScatterElements", [zeros, indices, dy], attributes)];
};

/** GatherND: the same, with a vector of indices an element or slice. */
const gatherND: GradientRule = (node, m, dy) => {
  const [x, indices] = node.inputs;
  const all = positionsOf(m, m.graph.shapeOf(x));
  const attributes = { batch_dims: int(node.int("batch_dims", 0)) };
  const positions = m.op("GatherND", [all, indices], attributes);
  return [atPositions(m, { x, dy, positions })];
};

/** Compress: each element goes back to where it was. */
const compress: GradientRule = (node, m, dy) => {
  const [x, condition] = node.inputs;
  const all = positionsOf(m, m.graph.shapeOf(x));
  const attributes = node.has("axis") ? { axis: int(node.int("axis", 0)) } : undefined;
  const positions = m.op("Compress", [all, condition], attributes);
  return [atPositions(m, { x, dy, positions })];
};

/** TopK: each value's gradient goes to the element that its index names. */
const topK: GradientRule = (node, m, dy) => {
  const zeros = m.fill(0, m.graph.shapeOf(node.inputs[0]), dy);
  const attributes = { axis: int(node.int("axis", -1)) };
  return [m.op("ScatterElements", [zeros, node.output(1), dy], attributes)];
};

/** OneHot: of values [off, on] each gets the sum over the places that it fills. */
const oneHot: GradientRule = (node, m, dy) => {
  const [indices, depth, values] = node.inputs;
  const [none, one] = [0, 1].map((value) => m.reshape(m.scalarLike(value, values), [1]));
  const pattern = m.op("Concat", [none, one], { axis: int(0) });
  const axis = int(node.int("axis", -1));
  const on = m.sum(m.mul(dy, m.op("OneHot", [indices, depth, pattern], { axis })));
  const both = [m.sub(m.sum(dy), on), on].map((sum) => m.reshape(sum, [1]));
  return [undefined, undefined, m.op("Concat", both, { axis: int(0) })];
};

/** How a scatter operator puts elements into a tensor, and how they are read from the same places. */
interface Places {
  put(data: Term, updates: Term, reduction: string): Term;
  read(data: Term): Term;
}

/** A rule for operators that put `updates` into `data`. */
function scatter(places: (node: ForwardNode, m: Algebra) => Places): GradientRule {
  return (node, m, dy) => {
    const { put, read } = places(node, m);
    const updates = node.inputs[2];
    const zeros = () => m.fill(0, m.graph.shapeOf(updates), dy);
    switch (node.text("reduction", "none")) {
      case "none":
        return [node.wants(0) ? put(dy, zeros(), "none") : undefined, undefined, read(dy)];
      case "add":
        return [dy, undefined, node.wants(2) ? read(dy) : undefined];
      case "mul":
        return scatteredProduct(node, m, { dy, put, read });
      default:
        return scatteredExtreme(node, m, { dy, put, read });
    }
  };
}

/** y = data Π updates: each factor gets the product of the others, which is not 0 where it is the only 0. */
function scatteredProduct(
  node: ForwardNode,
  m: Algebra,
  { dy, put, read }: Places & { dy: Term },
): (Term | undefined)[] {
  const [data, , updates] = node.inputs;
  const isZero = (term: Term) => m.compare("Equal", term, 0);
  const nonZero = (term: Term) => m.where(isZero(term), 1, term);
  const product = put(nonZero(data), nonZero(updates), "mul");
  const zeros = put(indicator(m, isZero(data), dy), indicator(m, isZero(updates), dy), "add");
  const others = (term: Term, whole: Term, count: Term) => {
    const own = indicator(m, isZero(term), dy);
    const isWhole = m.compare("Equal", m.sub(count, own), 0);
    return m.where(isWhole, m.div(whole, nonZero(term)), 0);
  };
  return [
    m.mul(dy, others(data, product, zeros)),
    undefined,
    m.mul(read(dy), others(updates, read(product), read(zeros))),
  ];
}

/** y = max(data, updates…) or min: equal ones share dy evenly. */
function scatteredExtreme(
  node: ForwardNode,
  m: Algebra,
  { dy, put, read }: Places & { dy: Term },
): (Term | undefined)[] {
  const [[data, , updates], [y]] = [node.inputs, node.outputs];
  const isData = m.compare("Equal", data, y);
  const isUpdate = m.compare("Equal", updates, read(y));
  const count = put(indicator(m, isData, dy), indicator(m, isUpdate, dy), "add");
  const share = m.div(dy, count);
  return [m.where(isData, share, 0), undefined, m.where(isUpdate, read(share), 0)];
}

const scatterElements = scatter((node, m) => {
  const indices = node.inputs[1];
  const axis = int(node.int("axis", 0));
  return {
    put: (data, updates, reduction) =>
      m.op("ScatterElements", [data, indices, updates], { axis, reduction: text(reduction) }),
    read: (data) => m.op("GatherElements", [data, indices], { axis }),
  };
});

const scatterND = scatter((node, m) => {
  const indices = node.inputs[1];
  return {
    put: (data, updates, reduction) =>
      m.op("ScatterND", [data, indices, updates], { reduction: text(reduction) }),
    read: (data) => m.op("GatherND", [data, indices]),
  };
});

/** Rules by operator. */
export const indexingGradients: GradientRules = {
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherND,
  Compress: compress,
  TopK: topK,
  OneHot: oneHot,
  ScatterElements: scatterElements,
  ScatterND: scatterND,
};
