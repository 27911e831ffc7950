// What is proposed for a data set after a look at some of its images.

import { describe, expect, it } from "vitest";
import { planPreparation, readImageDataset } from "../../../src/datasets/index.ts";
import { writePng } from "../../../src/formats/index.ts";
import { folderOf } from "./image-folders.ts";

function picture(
  width: number,
  height: number,
  colours: "grey" | "coded" | "colour",
  depth: 8 | 16 = 8,
) {
  const channels = colours === "grey" ? 1 : 3;
  const data = Array.from({ length: width * height * channels }, (_, at) => {
    const pixel = Math.floor(at / channels);
    return colours === "colour" && at % 3 === 0 ? 200 : (pixel * 7) % 150;
  });
  return writePng({ width, height, channels, depth, data });
}

async function planOf(pictures: readonly Uint8Array[], options = {}) {
  const files = pictures.map((content, at) => [`${at % 2 ? "a" : "b"}/${at}.png`, content]);
  return planPreparation(
    await readImageDataset(await folderOf(Object.fromEntries(files))),
    options,
  );
}

describe("A plan of a preparation", () => {
  it("keeps a common size and the range of eight bits", async () => {
    const { preparation, problems, typicalSize } = await planOf(
      Array(4).fill(picture(48, 40, "grey")),
    );
    expect(preparation).toEqual({
      size: [40, 48],
      channels: 1,
      fit: "stretch",
      intensity: { kind: "type-range" },
    });
    expect(typicalSize).toEqual([40, 48]);
    expect(problems).toEqual([]);
  });

  it("takes colour that is grey for grey, and says so", async () => {
    const plan = await planOf([
      ...Array(9).fill(picture(32, 32, "coded")),
      picture(32, 32, "grey"),
    ]);
    expect(plan.preparation.channels).toBe(1);
    expect(plan.problems).toEqual([]);
    expect(plan.notes.join(" ")).toContain("9 of 10 images looked at are grey coded as colour");
    expect((await planOf(Array(3).fill(picture(32, 32, "colour")))).preparation.channels).toBe(3);
  });

  it("finds it odd where some are in true colour", async () => {
    const plan = await planOf([
      ...Array(9).fill(picture(32, 32, "grey")),
      picture(32, 32, "colour"),
    ]);
    expect(plan.preparation.channels).toBe(1);
    expect(plan.problems.map(({ kind, count }) => [kind, count])).toEqual([["mixed-channels", 1]]);
  });

  it("pads images of many sizes to a square near their median", async () => {
    const plan = await planOf([
      picture(64, 64, "grey"),
      picture(100, 90, "grey"),
      picture(130, 64, "grey"),
    ]);
    expect(plan.preparation).toMatchObject({ size: [96, 96], fit: "pad" });
    expect(plan.problems[0].message).toContain("3 sizes, from 64 × 64 to 100 × 90");
    expect(
      (await planOf([picture(300, 310, "grey"), picture(310, 300, "grey")])).preparation,
    ).toMatchObject({ size: [224, 224], fit: "stretch" });
    expect(
      (
        await planOf([picture(300, 300, "grey")].concat([picture(300, 300, "grey")]), {
          mostSide: 64,
        })
      ).preparation.size,
    ).toEqual([64, 64]);
  });

  it("takes percentiles of sixteen bits", async () => {
    const { preparation } = await planOf(Array(2).fill(picture(32, 32, "grey", 16)));
    expect(preparation.intensity).toEqual({ kind: "percentiles", low: 0.5, high: 99.5 });
  });

  it("refuses a data set of which nothing can be read", async () => {
    await expect(planOf([new Uint8Array(9), new Uint8Array(9)])).rejects.toThrow(
      /None of the images/,
    );
  });
});
