import { describe, expect, it } from "vitest";
import { pictureProtocol, terminalPicture } from "../../src/cli/terminal-picture.ts";

const picture = {
  width: 4,
  height: 2,
  channels: 1,
  data: Uint8Array.of(0, 0, 255, 255, 0, 0, 255, 255),
} as const;
const png = Uint8Array.from({ length: 7000 }, (_, at) => at & 255);

describe("The way a terminal shows pictures", () => {
  it.each([
    ["kitty", { TERM: "xterm-kitty" }],
    ["kitty", { TERM: "xterm-ghostty", COLORTERM: "truecolor" }],
    ["iterm2", { TERM: "xterm-256color", TERM_PROGRAM: "iTerm.app", COLORTERM: "truecolor" }],
    ["truecolor", { TERM: "xterm-kitty", TMUX: "/tmp/tmux", COLORTERM: "truecolor" }],
    ["truecolor", { TERM: "xterm-256color", COLORTERM: "truecolor" }],
    ["256-colours", { TERM: "screen-256color" }],
    [undefined, { TERM: "xterm" }],
    [undefined, { TERM: "xterm-256color", NO_COLOR: "1" }],
    [undefined, { TERM: "dumb", COLORTERM: "truecolor" }],
  ])("is %s for %j", (protocol, environment) => {
    expect(pictureProtocol(true, environment)).toBe(protocol);
    expect(pictureProtocol(false, environment)).toBeUndefined();
  });
});

describe("A picture in a terminal", () => {
  it("is a PNG in pieces for Kitty and one piece for iTerm2", () => {
    const escapes = terminalPicture("kitty", { picture, png, columns: 80 });
    const readable = escapes.replaceAll("\x1b", "ESC ");
    const pieces = [...readable.matchAll(/ESC _G(?:a=T,f=100,)?m=([01]);([^ ]*)ESC \\/g)];
    expect(pieces.map(([, more]) => more)).toEqual(["1", "1", "0"]);
    expect(pieces.every(([, , text]) => text.length <= 4096)).toBe(true);
    const whole = pieces.map(([, , text]) => text).join("");
    expect(new Uint8Array(Buffer.from(whole, "base64"))).toEqual(png);
    expect(terminalPicture("iterm2", { picture, png, columns: 80 })).toContain(whole);
  });

  it("is two pixels a character in true colours", () => {
    const lines = terminalPicture("truecolor", { picture, png, columns: 80 }).split("\n");
    expect(lines).toHaveLength(2);
    const black = "\x1b[38;2;0;0;0m\x1b[48;2;0;0;0m▀";
    const white = "\x1b[38;2;255;255;255m\x1b[48;2;255;255;255m▀";
    expect(lines[0]).toBe(`${black}${black}${white}${white}\x1b[0m`);
  });

  it("is shrunk to the terminal's width by averaging, in 256 colours where there are no more", () => {
    const [line] = terminalPicture("256-colours", { picture, png, columns: 1 }).split("\n");
    expect(line).toBe("\x1b[38;5;244m\x1b[48;5;244m▀\x1b[0m");
  });
});
