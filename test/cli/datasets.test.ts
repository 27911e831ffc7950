// roentgen datasets: the list, one data set, reading a folder. Downloads are tested where they are made.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runInProcess } from "./run-in-process.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "roentgen-datasets-"));
  for (const name of [
    "busi/benign/benign (1).png",
    "busi/benign/benign (1)_mask.png",
    "busi/malignant/malignant (1).png",
  ]) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), "");
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const roentgen = (...args: string[]) => runInProcess(folder, ["datasets", ...args]);

describe("roentgen datasets", () => {
  it("lists them", async () => {
    const { stdout, status } = await roentgen();
    expect(stdout).toMatch(/chest-x-ray14 +open +X-ray, chest/);
    expect(stdout).toMatch(/pathmnist +open +histopathology, colon/);
    expect(status).toBe(0);
    const listed = JSON.parse((await roentgen("--json")).stdout);
    expect(listed).toContainEqual(
      expect.objectContaining({
        name: "chexpert",
        reads: ["images"],
        options: ["uncertain", "blank"],
      }),
    );
  });

  it("shows one: licence, citation, how to get it, layout, options", async () => {
    const { stdout } = await roentgen("CheXpert");
    expect(stdout).toContain("Stanford's Research Use Agreement");
    expect(stdout).toContain("doi:10.1609/aaai.v33i01.3301590");
    expect(stdout).toContain("Register on the page");
    expect(stdout).toContain("train/patient00001/study1/view1_frontal.jpg");
    expect(stdout).toContain("--set uncertain=…: what -1 becomes");
    expect((await roentgen("pathmnist")).stdout).toContain("(parts: 28, 64, 128, 224)");
  });

  it("reads a folder into a manifest, as images or as cases", async () => {
    const { stdout, stderr } = await roentgen("busi", "--read", "busi", "--out", "busi.csv");
    expect(stdout).toContain("busi.csv: 2 images");
    expect(stderr).toContain("Classes without an image. 1, such as normal");
    expect(readFileSync(join(folder, "busi.csv"), "utf8")).toContain(
      "busi/benign/benign (1).png,benign,busi/benign/benign (1)_mask.png",
    );
    const cases = await roentgen("busi", "--read", "busi", "--cases", "--out", "c.csv", "--json");
    expect(JSON.parse(cases.stdout)).toMatchObject({ out: "c.csv", counts: { cases: 2 } });
  });

  it.each([
    [["nothing-like-it"], 2, /There is no public data set "nothing-like-it"/],
    [["--read", "busi"], 2, /Which data set is not said/],
    [["chexpert", "--read", "busi"], 1, /does not look like CheXpert/],
    [["chexpert", "--download", "data"], 1, /its owner hands it out\. Register on the page/],
    [["pathmnist", "--download", "data", "--part", "32"], 2, /It has: 28, 64, 128, 224/],
    [["busi", "--read", "busi", "--set", "size=2"], 2, /has no option "size"/],
    [["busi", "--read", "busi", "--out", "busi.doc"], 1, /Cannot write a manifest to busi\.doc/],
  ])("says what is wrong with %j", async (args, expected, message) => {
    const { status, stderr } = await roentgen(...args);
    expect(stderr).toMatch(message);
    expect(status).toBe(expected);
  });
});
