import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { trainingDisplay } from "../../src/cli/training-display.ts";

const { stderr } = process;
const before = { isTTY: stderr.isTTY, columns: stderr.columns };
let written = "";

beforeEach(() => {
  written = "";
  vi.spyOn(stderr, "write").mockImplementation((text) => {
    written += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  Object.assign(stderr, before);
});

const stepRecord = (step: number, epoch: number) => ({
  ...{ epoch, step, learningRate: 0.01, loss: 1 / step, gradientNorm: 2, waited: false },
});
const epochRecord = (epoch: number) => ({
  ...{ epoch, step: 2 * epoch, learningRate: 0.01, loss: 0.75 / epoch },
  validation: { loss: 0.8, accuracy: 0.5 },
});

/** Two epochs of two steps, with as much time between steps as given. */
function watch(isTTY: boolean, ms: number): void {
  Object.assign(stderr, { isTTY, columns: 80 });
  let now = 1000;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  const { onStep, onEpoch } = trainingDisplay({ epochs: 3, stepsPerEpoch: 2 });
  for (const epoch of [1, 2]) {
    for (const done of [1, 2]) {
      now += ms;
      onStep(stepRecord(2 * (epoch - 1) + done, epoch));
    }
    onEpoch(epochRecord(epoch));
  }
}

describe("A training on the screen", () => {
  it("is a line an epoch where there is no terminal, and one every few seconds", () => {
    watch(false, 3000);
    expect(written.split("\n")).toEqual([
      "Epoch 1/3: 100 % (2/2 steps, 0.333/s, 0.0 s left), loss 0.750",
      "Epoch 1/3: loss 0.750, validation loss 0.800, accuracy 0.500",
      "Epoch 2/3: 100 % (2/2 steps, 0.333/s, 0.0 s left), loss 0.292",
      "Epoch 2/3: loss 0.375, validation loss 0.800, accuracy 0.500",
      "",
    ]);
  });

  it("is drawn with its curves in place of what was drawn before, on a terminal", () => {
    watch(true, 200);
    const lines = screenOf(written);
    expect(lines).toEqual([
      "Epoch 1/3: loss 0.750, validation loss 0.800, accuracy 0.500",
      "Epoch 2/3: loss 0.375, validation loss 0.800, accuracy 0.500",
      "",
    ]);
    // Curves and the line below them, as they stood before the second epoch ended.
    const second = written.slice(0, written.lastIndexOf("\r"));
    const live = screenOf(second);
    expect(live[1]).toMatch(/^loss 0.75 +validation loss 0.8 +accuracy 0.5$/);
    expect(live[live.length - 1]).toBe("Epoch 2/3: 100 % (2/2 steps), loss 0.292");
  });
});

/** What a terminal shows that knows line ends, moves up, and erased lines. */
function screenOf(text: string): string[] {
  const lines = [""];
  let at = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is read
  for (const [piece] of text.matchAll(/\r|\n|\x1b\[2K|\x1b\[1A|[^\r\n\x1b]+/g)) {
    if (piece === "\n") {
      at += 1;
      lines[at] ??= "";
    } else if (piece === "\x1b[1A") at -= 1;
    else if (piece === "\x1b[2K") lines[at] = "";
    else if (piece !== "\r") lines[at] += piece;
  }
  while (lines.length > at + 1) lines.pop();
  return lines.map((line) => line.trimEnd());
}
