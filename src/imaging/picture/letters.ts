// Small letters for pictures of scans: 5×7 dots, enough to say sides and directions.

import type { Picture } from "./picture.ts";

/** Rows from the top, five dots each; `#` is ink. */
const GLYPHS: Readonly<Record<string, readonly string[]>> = {
  A: [" ### ", "#   #", "#   #", "#####", "#   #", "#   #", "#   #"],
  I: [" ### ", "  #  ", "  #  ", "  #  ", "  #  ", "  #  ", " ### "],
  L: ["#    ", "#    ", "#    ", "#    ", "#    ", "#    ", "#####"],
  P: ["#### ", "#   #", "#   #", "#### ", "#    ", "#    ", "#    "],
  R: ["#### ", "#   #", "#   #", "#### ", "# #  ", "#  # ", "#   #"],
  S: [" ####", "#    ", "#    ", " ### ", "    #", "    #", "#### "],
};

const WIDTH = 5;
const HEIGHT = 7;

/** Writes a letter in white on a black rim, its middle at (x, y); ink outside the picture is left out. */
export function drawLetterInPlace(picture: Picture, letter: string, x: number, y: number): void {
  const rows = GLYPHS[letter];
  if (!rows) return;
  const scale = picture.height >= 400 ? 2 : 1;
  const left = Math.round(x - (WIDTH * scale) / 2);
  const top = Math.round(y - (HEIGHT * scale) / 2);
  for (const ink of [0, 255]) {
    for (let row = 0; row < HEIGHT; row++) {
      for (let column = 0; column < WIDTH; column++) {
        if (rows[row][column] !== "#") continue;
        const rim = ink === 0 ? 1 : 0;
        fill(picture, left + column * scale - rim, top + row * scale - rim, scale + 2 * rim, ink);
      }
    }
  }
}

function fill(
  { width, height, channels, data }: Picture,
  x: number,
  y: number,
  side: number,
  value: number,
) {
  for (let row = Math.max(0, y); row < Math.min(height, y + side); row++) {
    const from = row * width + Math.max(0, x);
    const to = row * width + Math.min(width, x + side);
    if (to > from) data.fill(value, from * channels, to * channels);
  }
}
