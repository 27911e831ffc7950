// Cases of matrix products and attention.

import { type Algebra, float, int, text } from "../../../../src/onnx/index.ts";
import {
  booleans,
  countOf,
  type DrawnInput,
  type GradientCase,
  type Pick,
} from "../gradient-case.ts";

const either = (pick: Pick, shape: readonly number[]): DrawnInput =>
  pick.of(pick.variable, pick.variable, pick.fixed)(shape);

const matMul = (of: string, shapes: (pick: Pick) => [number[], number[]]): GradientCase => ({
  operator: "MatMul",
  of,
  draw: (pick) => {
    const [a, b] = shapes(pick);
    return { inputs: [pick.variable(a), either(pick, b)].slice() };
  },
});

const products: GradientCase[] = [
  {
    operator: "Gemm",
    draw: (pick) => {
      const [rows, inner, columns] = pick.ints(3, 1, 4);
      const [transA, transB] = pick.ints(2, 0, 1);
      const bias = pick.of(undefined, [], [1], [columns], [rows, 1], [rows, columns]);
      return {
        inputs: [
          pick.variable(transA ? [inner, rows] : [rows, inner]),
          pick.variable(transB ? [columns, inner] : [inner, columns]),
          ...(bias ? [pick.variable(bias)] : []),
        ],
        attributes: {
          transA: int(transA),
          transB: int(transB),
          alpha: float(0.75),
          beta: float(pick.of(1, 0.5)),
        },
      };
    },
  },
  matMul("of matrices", (pick) => {
    const [m, k, n] = pick.ints(3, 1, 4);
    return [
      [m, k],
      [k, n],
    ];
  }),
  matMul("of a stack and a matrix", (pick) => {
    const [m, k, n] = pick.ints(3, 1, 3);
    const stack = [...pick.ints(pick.int(1, 2), 1, 3), m, k];
    return pick.of(
      [stack, [k, n]],
      [
        [n, m],
        [...stack.slice(0, -2), m, k],
      ],
    );
  }),
  matMul("of stacks that broadcast", (pick) => {
    const [m, k, n, batch, heads] = pick.ints(5, 1, 3);
    return [
      [pick.of(1, batch), pick.of(1, heads), m, k],
      pick.of([batch, heads, k, n], [heads, k, n], [1, heads, k, n]),
    ];
  }),
  matMul("of a vector", (pick) => {
    const [m, k, batch] = pick.ints(3, 1, 3);
    return pick.of(
      [[k], [k]],
      [[k], [k, m]],
      [[m, k], [k]],
      [[batch, m, k], [k]],
      [[k], [batch, k, m]],
    );
  }),
  {
    operator: "FusedMatMul",
    domain: "com.microsoft",
    draw: (pick) => {
      const [m, k, n, batch] = pick.ints(4, 1, 3);
      const [transA, transB] = pick.ints(2, 0, 1);
      return {
        inputs: [
          pick.variable([batch, ...(transA ? [k, m] : [m, k])]),
          pick.variable([batch, ...(transB ? [n, k] : [k, n])]),
        ],
        attributes: { transA: int(transA), transB: int(transB), alpha: float(0.75) },
      };
    },
    definition: (m: Algebra, [a, b], node) => {
      const factor = (term: string, name: string) => {
        const attribute = node.attributes?.[name];
        return attribute?.kind === "int" && attribute.value ? m.transpose(term, [0, 2, 1]) : term;
      };
      return m.mul(m.matmul(factor(a, "transA"), factor(b, "transB")), 0.75);
    },
  },
];

const equations = [
  "ij,jk->ik",
  "bij,bjk->bik",
  "ij->ji",
  "ij->",
  "ij->i",
  "i,j->ij",
  "ii->i",
  "ii",
  "iij->j",
  "ij,ij->ij",
  "bhqd,bhkd->bhqk",
  "ij,jk,kl->il",
  "...ij,...jk->...ik",
  "...i->...",
  "i...,i...->...",
  "ij,kj",
  "ijk,j->ik",
];

const einsum: GradientCase = {
  operator: "Einsum",
  draw: (pick) => {
    const equation = pick.of(...equations);
    const lengthOf = new Map<string, number>();
    const ellipsis = pick.ints(pick.int(0, 2), 1, 3);
    const terms = equation.split("->")[0].split(",");
    const shapes = terms.map((term) => {
      const dots = ellipsis.slice(pick.int(0, ellipsis.length)).map((length) => pick.of(length, 1));
      return [...term.replace("...", "…")].flatMap((letter) => {
        if (letter === "…") return dots;
        const length = lengthOf.get(letter) ?? pick.int(1, 3);
        lengthOf.set(letter, length);
        return [length];
      });
    });
    return {
      inputs: shapes.map((shape, index) => (index ? either(pick, shape) : pick.variable(shape))),
      attributes: { equation: text(equation) },
    };
  },
};

const attention = (of: string, isFlat: boolean): GradientCase => ({
  operator: "Attention",
  of,
  opset: 23,
  draw: (pick) => {
    const [batch, shared, groups, queries, size, valueSize] = pick.ints(6, 1, 3);
    const past = isFlat ? 0 : pick.int(0, 2);
    const isCausal = past === 0 && pick.of(true, false);
    const added = isCausal ? queries : pick.int(1, 3);
    const heads = shared * groups;
    const of = (count: number, length: number, width: number) =>
      pick.variable(isFlat ? [batch, length, count * width] : [batch, count, length, width]);
    const maskShape = [queries, added + past];
    // No query is without a key that it sees.
    const seen = Array.from(
      { length: countOf(maskShape) },
      (_, at) => at % maskShape[1] === 0 || pick.of(true, false),
    );
    const mask = pick.of(undefined, pick.variable(maskShape), booleans(maskShape, seen, "fixed"));
    return {
      inputs: [
        of(heads, queries, size),
        of(shared, added, size),
        of(shared, added, valueSize),
        mask,
        ...(past > 0
          ? [
              pick.variable([batch, shared, past, size]),
              pick.variable([batch, shared, past, valueSize]),
            ]
          : []),
      ],
      attributes: {
        is_causal: int(isCausal ? 1 : 0),
        ...(pick.of(true, false) ? { scale: float(0.5) } : {}),
        ...(pick.of(true, false) ? { softcap: float(2) } : {}),
        ...(isFlat ? { q_num_heads: int(heads), kv_num_heads: int(shared) } : {}),
      },
      outputs: past > 0 ? 3 : 1,
      uses: past > 0 ? [0, 1, 2] : [0],
    };
  },
});

export const productCases: GradientCase[] = [
  ...products,
  einsum,
  attention("of heads", false),
  attention("of flat heads", true),
];
