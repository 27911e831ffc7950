// Ultrasound frames of livers as files in MedMNIST's layout, drawn once and kept: many of some findings, few of others.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { randomStream, rowMajorStrides } from "../../src/base/index.ts";
import { ultrasoundPhantoms } from "../../src/datasets/index.ts";
import { writeNpz } from "../../src/formats/index.ts";

const FINDINGS = ["none", "cyst", "benign solid", "malignant"] as const;
const SIZE = 64;
const AREA = SIZE * SIZE;

export type Finding = (typeof FINDINGS)[number];

/** Frames one after another, and the place of each one's finding in `FINDINGS`. */
interface Frames {
  readonly pixels: Uint8Array;
  readonly findings: Uint8Array;
}

export interface DrawOptions {
  /** Where frames are kept. */
  folder: string;
  count: number;
  seed: number;
}

/** Draws frames, or reads those that were drawn before. */
export function livers({ folder, count, seed }: DrawOptions): Frames {
  const path = `${folder}/livers-${seed}-${count}`;
  mkdirSync(folder, { recursive: true });
  if (existsSync(`${path}.findings`)) {
    const [pixels, findings] = ["pixels", "findings"].map((end) => readFileSync(`${path}.${end}`));
    return { pixels, findings };
  }
  const pixels = new Uint8Array(count * AREA);
  const findings = new Uint8Array(count);
  for (const scan of ultrasoundPhantoms({ count, seed, size: SIZE, probe: "convex" })) {
    pixels.set(scan.image.data as Uint8Array, scan.index * AREA);
    findings[scan.index] = FINDINGS.indexOf(scan.diagnosis);
  }
  writeFileSync(`${path}.pixels`, pixels);
  writeFileSync(`${path}.findings`, findings);
  return { pixels, findings };
}

export type Sides = Readonly<Record<"train" | "val" | "test", readonly number[]>>;

/** All frames of some findings: to learn from, to choose by, to judge on. */
export function manySides({ findings }: Frames, wanted: readonly Finding[]): Sides {
  const kinds = wanted.map((finding) => FINDINGS.indexOf(finding));
  const rows = [...findings.keys()].filter((row) => kinds.includes(findings[row]));
  const [a, b] = [0.88, 0.94].map((share) => Math.floor(share * rows.length));
  return { train: rows.slice(0, a), val: rows.slice(a, b), test: rows.slice(b) };
}

export interface FewOptions {
  seed: number;
  /** Frames of each finding to learn from and to choose by; all in all. */
  learnt: number;
  chosen: number;
  judged: number;
}

/** A few frames of each finding, drawn by the seed; some of all others to judge on. */
export function fewSides(
  { findings }: Frames,
  wanted: readonly Finding[],
  { seed, learnt, chosen, judged }: FewOptions,
): Sides {
  const order = randomStream({ seed, purpose: "bench/few" }).permutation(findings.length);
  const groups = wanted.map((finding) =>
    [...order].filter((row) => findings[row] === FINDINGS.indexOf(finding)),
  );
  const behind = learnt + chosen;
  const rest = new Set(groups.flatMap((rows) => rows.slice(behind)));
  return {
    train: groups.flatMap((rows) => rows.slice(0, learnt)),
    val: groups.flatMap((rows) => rows.slice(learnt, behind)),
    test: [...order].filter((row) => rest.has(row)).slice(0, judged),
  };
}

/** Writes the frames as MedMNIST's arrays, labels by the place among the findings that are wanted. */
export function writeSides(
  path: string,
  { pixels, findings }: Frames,
  { sides, wanted }: { readonly sides: Sides; readonly wanted: readonly Finding[] },
): void {
  const labels = FINDINGS.map((finding) => wanted.indexOf(finding));
  const arrays = Object.entries(sides).flatMap(([side, rows]) => {
    const own = new Uint8Array(rows.length * AREA);
    for (const [at, row] of rows.entries()) {
      own.set(pixels.subarray(row * AREA, (row + 1) * AREA), at * AREA);
    }
    const classes = Uint8Array.from(rows, (row) => labels[findings[row]]);
    return [
      tensorOf(`${side}_images`, own, [rows.length, SIZE, SIZE]),
      tensorOf(`${side}_labels`, classes, [rows.length, 1]),
    ];
  });
  writeFileSync(path, writeNpz(arrays));
}

function tensorOf(name: string, data: Uint8Array, shape: readonly number[]) {
  return {
    name,
    tensor: { dtype: "uint8" as const, shape, strides: rowMajorStrides(shape), data },
  };
}
