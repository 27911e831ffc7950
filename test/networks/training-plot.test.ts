import { describe, expect, it } from "vitest";
import { type EpochRecord, trainingPlot } from "../../src/networks/index.ts";

const history = (losses: number[], validation?: (epoch: number) => Record<string, number>) =>
  losses.map(
    (loss, at): EpochRecord => ({
      ...{ epoch: at + 1, step: 10 * at + 10, learningRate: 0.1, loss },
      ...(validation && { validation: validation(at) }),
    }),
  );

// biome-ignore format: a picture
const PANELS = [
  "loss 0.2              validation loss 0.55  dice 0.75",
  "  1 ⠑⠢⡀                 1 ⠢⢄⡀               0.75           ⢀⡠⠤⠒⠉",
  "      ⠈⠑⠤⣀                  ⠈⠑⠢⠤⠤⠤⣀⣀⣀⣀⣀⡠⠤⠤           ⢀⣀⠤⠔⠒⠉⠁",
  "0.2       ⠉⠉⠒⠒⠤⠤⠤⣀⣀⣀  0.2                      0 ⣀⠤⠒⠊⠁",
  "    1         ▲    4      1         ▲    4       1        ▲    4",
].join("\n");

describe("A plot of a training as text", () => {
  it("draws losses at one scale beside the figures, with the best epoch marked", () => {
    const judged = [0.9, 0.6, 0.5, 0.55];
    const records = history([1, 0.5, 0.25, 0.2], (at) => ({ loss: judged[at], dice: at / 4 }));
    expect(trainingPlot(records, { width: 64, height: 3, bestEpoch: 3 })).toBe(PANELS);
  });

  it("draws a fall as a straight line of dots", () => {
    const plot = trainingPlot(history([3, 2, 1, 0]), { width: 4, height: 2 });
    expect(plot).toBe(["loss", "3 ⢱", "0  ⢣", "  14"].join("\n"));
  });

  it("leaves gaps where a value is no number, and room for what fits", () => {
    const records = history([1, Number.NaN, 0.5], (at) => ({ loss: 1, dice: at, auc: at }));
    const narrow = trainingPlot(records, { width: 44, height: 2 });
    expect(narrow).toContain("validation loss 1");
    expect(narrow).not.toContain("dice");
    for (const line of narrow.split("\n")) expect([...line].length).toBeLessThanOrEqual(44);
    expect(trainingPlot(records, { width: 100 })).toContain("auc 2");
  });

  it("is empty before the first epoch and a dot after it", () => {
    expect(trainingPlot([])).toBe("");
    const [, ...rows] = trainingPlot(history([0.5]), { width: 20, height: 3 }).split("\n");
    expect(rows.join("").match(/[⠁-⣿]/g)).toHaveLength(1);
  });
});
