// The well-known palettes of the standard (PS3.6 annex B): 256 colours of 8 bits each.

import { RoentgenError } from "../../../base/index.ts";
import type { LookupTable } from "./lookup-table.ts";
import type { Palette } from "./palette.ts";

/** Names as Content Label (0070,0080) has them. */
export type WellKnownPalette = keyof typeof RUNS;

/** A well-known palette, its first colour for input 0. */
export function wellKnownPalette(name: WellKnownPalette): Palette {
  const runs = RUNS[name];
  if (!runs) {
    throw new RoentgenError("value-invalid", {
      problem: `There is no well-known palette ${name}`,
      expected: Object.keys(RUNS).join(", "),
    });
  }
  return { red: tableOf(runs.red), green: tableOf(runs.green), blue: tableOf(runs.blue) };
}

/** Lines "first+step*count": 0+2*128 is 0, 2, … 254. Halves are rounded up. */
function tableOf(runs: string): LookupTable {
  const entries = runs.split(" ").flatMap((run) => {
    const [, first, step, count] = /^(\d+)([+-][\d.]+)\*(\d+)$/.exec(run)!;
    return Array.from({ length: Number(count) }, (_, at) =>
      Math.round(Number(first) + Number(step) * at),
    );
  });
  return { first: 0, bits: 8, entries: Uint8Array.from(entries) };
}

const RUNS = {
  HOT_IRON: {
    red: "0+2*128 255+0*128",
    green: "0+0*129 2+2*126 255+0*1",
    blue: "0+0*192 4+4*63 255+0*1",
  },
  PET: {
    red: "0+0*64 1+2*43 86+2*43 171+2*43 255+0*63",
    green: "0+2*32 65+2*31 128-2*33 63-2*32 0+2*127 255+0*1",
    blue: "0+1*2 3+2*127 252-4*64 4+4*20 85+4*21 170+4*21 255+0*1",
  },
  HOT_METAL_BLUE: {
    red: "0+0*86 3+3*8 26+3*9 52+3*2 57+2*2 62+2*3 69+2*2 74+2*3 81+2*3 88+2*2 93+3*8 116+3*17 166+3*9 194+4*2 201+4*6 224+4*6 247+4*3 255+0*85",
    green:
      "0+0*120 2+2*4 9+2*8 24+2*9 41+2*8 56+2*9 73+2*8 88+2*9 105+2*8 120+2*9 137+2*8 152+2*9 169+2*8 184+2*9 201+2*8 216+2*7 229+2*6 240+2*6 251+2*3",
    blue: "0+2*9 17+2*34 84+2*17 117+2*34 184+2*9 197-3*8 174-3*9 144-6*4 121-6*8 74-6*5 47-3*8 24-3*9 0+0*17 3+3*8 26+3*17 76+3*17 126+3*17 176+3*11 210+3*4 223+3*4 236+3*4 249+3*3",
  },
  PET_20_STEP: {
    red: "0+0*13 96+0*13 48+0*25 80+0*13 96+0*13 112+0*13 128+0*12 48+0*26 80+0*13 64+0*12 224+0*13 208+0*38 192+0*13 176+0*13 255+0*26",
    green:
      "0+0*26 48+0*25 80+0*13 96+0*13 112+0*13 128+0*12 96+0*13 144+0*13 192+0*13 224+0*25 208+0*13 176+0*13 144+0*12 96+0*13 48+0*13 0+0*13 255+0*13",
    blue: "0+0*13 80+0*26 112+0*12 128+0*13 176+0*13 192+0*13 224+0*12 48+0*26 80+0*13 64+0*12 80+0*13 96+0*13 64+0*13 0+0*51 255+0*13",
  },
  SPRING: {
    red: "255+0*256",
    green: "0+1*256",
    blue: "255-1*256",
  },
  SUMMER: {
    red: "0+0*256",
    green: "255-0.5*256",
    blue: "0+0*128 2+2*32 65+2*63 190+2*33",
  },
  FALL: {
    red: "255+0*256",
    green: "255-1*256",
    blue: "0+0*256",
  },
  WINTER: {
    red: "0+0*128 1+1*64 64+1*64",
    green: "0+1*256",
    blue: "255-0.5*256",
  },
} as const;
