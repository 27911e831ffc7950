// A table of drawn images in which several findings may be: a disc, a ring and a bar, two images of each patient.

import { mkdirSync, writeFileSync } from "node:fs";
import { randomStream } from "../../../src/base/index.ts";
import { writePng } from "../../../src/formats/index.ts";

const SIDE = 48;

export const FINDINGS = ["disc", "ring", "bar"] as const;
/** How often each is there. */
const SHARES = [0.45, 0.3, 0.15];
/** How often it is not known whether. */
const UNKNOWN = 0.1;

export interface DrawnFindingsOptions {
  count: number;
  seed?: number;
  /** How much brighter a finding is than what is around it, where noise is 60. */
  contrast?: number;
  /** Columns; a finding that is named so has no entries. */
  findings?: readonly string[];
}

/** Writes `0.png` … and `labels.csv` with columns image, patient, site, disc, ring, bar. */
export function drawFindings(
  folder: string,
  { count, seed = 1, contrast = 80, findings = FINDINGS }: DrawnFindingsOptions,
): void {
  mkdirSync(folder, { recursive: true });
  const lines = [["image", "patient", "site", ...findings].join(",")];
  for (let at = 0; at < count; at++) {
    const random = randomStream({ seed, purpose: "drawn/findings", sample: at });
    const present = SHARES.map((share) => random.uniform() < share);
    const known = present.map((is) => (random.uniform() < UNKNOWN ? "" : Number(is)));
    writeFileSync(`${folder}/${at}.png`, drawPng(present, at, contrast));
    const site = random.uniform() < 0.5 ? "A" : "B";
    const entries = findings.map((name) => known[FINDINGS.indexOf(name as "disc")] ?? "");
    lines.push([`${at}.png`, `p${at >> 1}`, site, ...entries].join(","));
  }
  writeFileSync(`${folder}/labels.csv`, `${lines.join("\n")}\n`);
}

/** Each finding has its own quarter, so that none hides another. */
function drawPng(present: readonly boolean[], sample: number, contrast: number): Uint8Array {
  const random = randomStream({ seed: 6, purpose: "drawn/findings/pixels", sample });
  const centres = [
    [12, 12],
    [36, 12],
    [12, 36],
  ].map((centre) => centre.map((place) => place + random.integer(5) - 2));
  const data = new Uint8Array(SIDE * SIDE);
  for (let at = 0; at < data.length; at++) {
    const [x, y] = [at % SIDE, Math.floor(at / SIDE)];
    const away = centres.map(([left, top]) => [x - left, y - top]);
    const distances = away.map(([right, down]) => Math.hypot(right, down));
    const inside =
      (present[0] && distances[0] < 8) ||
      (present[1] && distances[1] > 5 && distances[1] < 9) ||
      (present[2] && Math.abs(away[2][0]) < 3 && Math.abs(away[2][1]) < 9);
    data[at] = (inside ? 50 + contrast : 50) + random.integer(60);
  }
  return writePng({ width: SIDE, height: SIDE, channels: 1, depth: 8, data });
}
