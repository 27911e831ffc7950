import fc from "fast-check";
import { describe, it } from "vitest";
import { float, int, text } from "../../../src/onnx/index.ts";
import { broadcastable, everyCase, floats } from "./node-case.ts";

const length = fc.integer({ min: 1, max: 4 });

describe("Matrix products", () => {
  it("MatMul broadcasts batches and takes vectors", () =>
    everyCase(
      fc
        .tuple(broadcastable(2), length, length, length, fc.integer({ min: 0, max: 3 }))
        .chain(([[a, b], rows, inner, columns, vectors]) =>
          fc.tuple(
            floats(vectors & 1 ? [inner] : [...a, rows, inner]),
            floats(vectors & 2 ? [inner] : [...b, inner, columns]),
          ),
        )
        .map((inputs) => ({ operator: "MatMul", inputs })),
      40,
    ));

  it("Gemm gives what the runtime gives", () =>
    everyCase(
      fc
        .tuple(length, length, length, fc.nat(1), fc.nat(1), fc.nat(4))
        .chain(([rows, inner, columns, transA, transB, bias]) => {
          const biases = [[rows, columns], [columns], [rows, 1], [], undefined];
          const c = biases[bias];
          return fc.record({
            inputs: fc.tuple(
              floats(transA ? [inner, rows] : [rows, inner]),
              floats(transB ? [columns, inner] : [inner, columns]),
              ...(c ? [floats(c)] : []),
            ),
            operator: fc.constant("Gemm"),
            attributes: fc.constant({
              transA: int(transA),
              transB: int(transB),
              alpha: float(0.5),
              beta: float(2),
            }),
          });
        }),
      40,
    ));

  it.each<[string, number[][]]>([
    [
      "ij,jk->ik",
      [
        [2, 3],
        [3, 4],
      ],
    ],
    [
      "bij,bjk->bik",
      [
        [2, 2, 3],
        [2, 3, 4],
      ],
    ],
    [
      "...ij,...jk->...ik",
      [
        [2, 2, 3],
        [2, 3, 4],
      ],
    ],
    [
      "ij,kj",
      [
        [2, 3],
        [4, 3],
      ],
    ],
    ["ii->i", [[3, 3]]],
    ["ijk->kj", [[2, 3, 4]]],
    [
      "bhid,bhjd->bhij",
      [
        [2, 2, 3, 4],
        [2, 2, 5, 4],
      ],
    ],
    ["i,j,k->ijk", [[2], [3], [2]]],
    ["ij->", [[2, 3]]],
  ])("Einsum %s gives what the runtime gives", (equation, all) =>
    everyCase(
      fc.tuple(...all.map((shape) => floats(shape))).map((inputs) => ({
        operator: "Einsum",
        inputs,
        attributes: { equation: text(equation) },
      })),
      4,
    ),
  );

  it("Det gives what the runtime gives", () =>
    everyCase(
      fc
        .tuple(length, length)
        .chain(([batch, size]) => floats([batch, size, size]))
        .map((x) => ({ operator: "Det", inputs: [x], tolerance: 1e-4 })),
    ));
});
