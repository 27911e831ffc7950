// A folder of drawn images, a folder a class: discs and rings on noise.

import { mkdirSync, writeFileSync } from "node:fs";
import { randomStream } from "../../../src/base/index.ts";
import { writePng } from "../../../src/formats/index.ts";

const SIDE = 40;

export interface DrawnFolderOptions {
  /** Images of each class. */
  each: number;
  classes?: readonly string[];
}

/** Writes `class/0.png` … into the folder. */
export function drawFolder(
  folder: string,
  { each, classes = ["disc", "ring"] }: DrawnFolderOptions,
): void {
  for (const [kind, name] of classes.entries()) {
    mkdirSync(`${folder}/${name}`, { recursive: true });
    for (let at = 0; at < each; at++) {
      const bytes = drawPng(kind, at);
      writeFileSync(`${folder}/${name}/${at}.png`, bytes);
    }
  }
}

/** A disc (0) or a ring (1) somewhere in the middle. */
function drawPng(kind: number, sample: number): Uint8Array {
  const random = randomStream({ seed: 5, purpose: `drawn/${kind}`, sample });
  const [x, y] = [15 + random.integer(10), 15 + random.integer(10)];
  const data = new Uint8Array(SIDE * SIDE);
  for (let at = 0; at < data.length; at++) {
    const distance = Math.hypot((at % SIDE) - x, Math.floor(at / SIDE) - y);
    const inside = kind === 0 ? distance < 8 : distance > 5 && distance < 10;
    data[at] = (inside ? 150 : 40) + random.integer(60);
  }
  return writePng({ width: SIDE, height: SIDE, channels: 1, depth: 8, data });
}
