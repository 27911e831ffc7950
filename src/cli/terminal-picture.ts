// Pictures in terminals: the Kitty and iTerm2 image protocols, else half blocks in true or 256 colours.

import { Buffer } from "node:buffer";
import type { Picture } from "../imaging/index.ts";

/** How a terminal shows pictures; undefined where it can't or where output is no terminal. */
export type PictureProtocol = "kitty" | "iterm2" | "truecolor" | "256-colours" | undefined;

/** Kitty takes a picture in pieces of at most this many characters of base64. */
const KITTY_PIECE = 4096;

/** What the terminal says of itself in its environment. */
export function pictureProtocol(
  isTerminal: boolean,
  environment: Readonly<Record<string, string | undefined>>,
): PictureProtocol {
  const { TERM = "", TERM_PROGRAM = "", COLORTERM = "", NO_COLOR, TMUX } = environment;
  if (!isTerminal || TERM === "dumb" || NO_COLOR) return undefined;
  // Multiplexers swallow the image protocols.
  if (!TMUX && !TERM.startsWith("screen")) {
    if (TERM.includes("kitty") || TERM.includes("ghostty")) return "kitty";
    if (/^(iTerm\.app|WezTerm|mintty)$/.test(TERM_PROGRAM)) return "iterm2";
  }
  if (/truecolor|24bit/.test(COLORTERM)) return "truecolor";
  return TERM.includes("256color") ? "256-colours" : undefined;
}

/**
 * The characters that show a picture.
 * @param png the picture as a PNG, for the protocols that take one
 * @param columns width of the terminal, for blocks
 */
export function terminalPicture(
  protocol: NonNullable<PictureProtocol>,
  { picture, png, columns }: { picture: Picture; png: Uint8Array; columns: number },
): string {
  if (protocol === "kitty") return kitty(png);
  if (protocol === "iterm2") return iterm2(png);
  return halfBlocks(shrink(picture, Math.min(columns, 120)), protocol);
}

function kitty(png: Uint8Array): string {
  const text = Buffer.from(png).toString("base64");
  const pieces = text.match(new RegExp(`.{1,${KITTY_PIECE}}`, "g")) ?? [];
  const escapes = pieces.map((piece, at) => {
    const more = at < pieces.length - 1 ? 1 : 0;
    return `\x1b_G${at === 0 ? "a=T,f=100," : ""}m=${more};${piece}\x1b\\`;
  });
  return `${escapes.join("")}\n`;
}

function iterm2(png: Uint8Array): string {
  const text = Buffer.from(png).toString("base64");
  return `\x1b]1337;File=inline=1;size=${png.byteLength}:${text}\x07\n`;
}

/** Two pixels a character: the upper one as ink, the lower one as paper. */
function halfBlocks({ width, height, channels, data }: Picture, protocol: PictureProtocol): string {
  const colour = (x: number, y: number, layer: 38 | 48) => {
    const at = (Math.min(y, height - 1) * width + x) * channels;
    const [red, green, blue] = [data[at], data[at + (channels >> 1)], data[at + channels - 1]];
    return protocol === "truecolor"
      ? `\x1b[${layer};2;${red};${green};${blue}m`
      : `\x1b[${layer};5;${indexed(red, green, blue)}m`;
  };
  let text = "";
  for (let y = 0; y < height; y += 2) {
    for (let x = 0; x < width; x++) text += `${colour(x, y, 38)}${colour(x, y + 1, 48)}▀`;
    text += "\x1b[0m\n";
  }
  return text;
}

/** The nearest of 24 greys, or of the 6×6×6 cube for colours. */
function indexed(red: number, green: number, blue: number): number {
  if (red === green && green === blue) {
    if (red < 4) return 16;
    return red > 246 ? 231 : 232 + Math.round((red - 8) / 10);
  }
  const step = (value: number) => Math.round((value / 255) * 5);
  return 16 + 36 * step(red) + 6 * step(green) + step(blue);
}

/** Averages pixels so that the picture has at most `columns` columns. */
function shrink(picture: Picture, columns: number): Picture {
  const { width, height, channels, data } = picture;
  if (width <= columns) return picture;
  const factor = width / columns;
  const rows = Math.max(1, Math.round(height / factor));
  const shrunk = new Uint8Array(columns * rows * channels);
  for (let y = 0; y < rows; y++) {
    const [top, bottom] = [Math.floor(y * factor), Math.min(height, Math.ceil((y + 1) * factor))];
    for (let x = 0; x < columns; x++) {
      const [left, right] = [Math.floor(x * factor), Math.min(width, Math.ceil((x + 1) * factor))];
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (let row = top; row < bottom; row++)
          for (let column = left; column < right; column++)
            sum += data[(row * width + column) * channels + channel];
        shrunk[(y * columns + x) * channels + channel] = sum / ((bottom - top) * (right - left));
      }
    }
  }
  return { width: columns, height: rows, channels, data: shrunk };
}
