// The folder that both sides read: MedNIST where it is at hand, else drawn images, a folder a class.

import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { randomStream } from "../../src/base/index.ts";
import { writePng } from "../../src/formats/index.ts";
import { CLASSES } from "./cases.ts";

const MEDNIST = join(import.meta.dirname, "../../../shared/data/mednist");
const SIDE = 64;

/** What the images are. */
export const source = existsSync(MEDNIST)
  ? "MedNIST, grey JPEG of 64 × 64"
  : "drawn discs, grey PNG of 64 × 64";

/** Puts `count` images into the folder, as many of each class. */
export function makeImageFolder(folder: string, count: number): void {
  const each = Math.ceil(count / CLASSES);
  const write = existsSync(MEDNIST) ? copyClass : drawClass;
  for (let kind = 0; kind < CLASSES; kind++) {
    write(folder, { kind, count: Math.min(each, count - kind * each) });
  }
}

interface ClassToWrite {
  readonly kind: number;
  readonly count: number;
}

function copyClass(folder: string, { kind, count }: ClassToWrite): void {
  const name = readdirSync(MEDNIST).sort()[kind];
  mkdirSync(join(folder, name), { recursive: true });
  for (const file of readdirSync(join(MEDNIST, name)).sort().slice(0, count)) {
    copyFileSync(join(MEDNIST, name, file), join(folder, name, file));
  }
}

/** A disc on noise; of each class it has a radius of its own. */
function drawClass(folder: string, { kind, count }: ClassToWrite): void {
  const name = `radius-${kind}`;
  mkdirSync(join(folder, name), { recursive: true });
  for (let sample = 0; sample < count; sample++) {
    const random = randomStream({ seed: 1, purpose: `bench/disc/${kind}`, sample });
    const [x, y] = [24 + random.integer(16), 24 + random.integer(16)];
    const data = Uint8Array.from({ length: SIDE * SIDE }, (_, at) => {
      const distance = Math.hypot((at % SIDE) - x, Math.floor(at / SIDE) - y);
      return (distance < 4 + 3 * kind ? 150 : 40) + random.integer(60);
    });
    const bytes = writePng({ width: SIDE, height: SIDE, channels: 1, depth: 8, data });
    writeFileSync(join(folder, name, `${sample}.png`), bytes);
  }
}
