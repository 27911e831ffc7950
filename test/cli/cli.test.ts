import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeFileWhole } from "#files";
import { makeTable } from "../../src/base/index.ts";
import { lesionTable } from "../../src/datasets/index.ts";
import { tensorFromTable, writeCsv, writeData } from "../../src/formats/index.ts";
import { runInProcess } from "./run-in-process.ts";

const command = ["--conditions=roentgen-source", join(import.meta.dirname, "roentgen.ts")];

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "roentgen-cli-"));
  const table = lesionTable({ patients: 60, seed: 5 });
  await writeFileWhole(join(folder, "lesions.csv"), writeCsv(table));
  const numbers = makeTable(table.columns.filter(({ kind }) => kind === "number"));
  for (const name of ["features.npy", "features.npz", "features.mat", "features.parquet"]) {
    const path = join(folder, name);
    const data = name.endsWith("parquet")
      ? ({ kind: "table", table: numbers } as const)
      : ({
          kind: "arrays",
          arrays: [{ name: "features", tensor: tensorFromTable(numbers) }],
        } as const);
    await writeFileWhole(path, await writeData(data, path));
  }
  writeText("short-labels.csv", "diagnosis\nbenign\nmalignant\n");
  writeText("missing-label.csv", "x,diagnosis\n1,a\n2,b\n3,\n4,a\n5,b\n");
  writeText("one-class.csv", `x,diagnosis\n${"1,a\n2,a\n".repeat(10)}`);
  writeText("words.csv", "x,size_mm\n1,3\n2,four\n3,5\n4,6\n");
  writeText("few.csv", `x,diagnosis\n${"1,a\n2,b\n".repeat(4)}`);
  writeText("ragged.csv", "x,y\n1,2\n3\n");
  writeText("empty.csv", "");
  writeText("fraud.npy", claimingNpy());
  writeText("picture.png", "\x89PNG\r\n\x1a\n and so on");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function writeText(name: string, text: string): void {
  writeFileSync(join(folder, name), Buffer.from(text, "latin1"));
}

/** 200 bytes that claim to hold 8 GB. */
function claimingNpy(): string {
  const header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000, 1), }".padEnd(117);
  return `\x93NUMPY\x01\x00\x76\x00${header}\n`.padEnd(200, "\0");
}

const roentgen = (...args: string[]) => runInProcess(folder, args);

describe("the command line", () => {
  it("trains, judges, predicts, summarises and inspects", async () => {
    const trained = await roentgen(
      "train",
      "lesions.csv",
      "--target",
      "diagnosis",
      "--drop",
      "diameter_mm",
      "--out",
      "run",
    );
    expect(trained.stdout).toMatch(/Split .* to learn from/);
    expect(trained.stdout).toMatch(/Accuracy +[01]\.\d{3} +0\.\d{3}–[01]\.\d{3}/);
    expect(trained.stdout).toContain("Confusion matrix");
    expect(trained.stdout).toContain("Top columns");
    expect(trained.stdout).toContain("run/report.html");
    expect(trained).toMatchObject({ status: 0 });

    const predicted = await roentgen("predict", "run", "lesions.csv");
    expect(predicted.status).toBe(0);
    expect(predicted.stdout).toMatch(
      /^row,predicted,probability_benign,probability_malignant\r?\n1,/,
    );

    const evaluated = await roentgen(
      "evaluate",
      "run",
      "lesions.csv",
      "--subgroup",
      "site",
      "--json",
    );
    expect(JSON.parse(evaluated.stdout).test.figures.accuracy).toMatchObject({
      n: expect.any(Number),
    });

    expect((await roentgen("summary", "run")).stdout).toContain("100 trees");
    expect((await roentgen("inspect", "lesions.csv")).stdout).toMatch(/circularity +number/);
    expect((await roentgen("convert", "features.mat", "again.npy")).status).toBe(0);
  });

  it("does what an earlier run's config.json says", async () => {
    const options = [
      "--target",
      "diagnosis",
      "--model",
      "logistic",
      "--no-learning-curve",
      "--permutations",
      "0",
    ];
    expect(
      (await roentgen("train", "lesions.csv", ...options, "--seed", "3", "--out", "first")).status,
    ).toBe(0);
    const again = await roentgen("train", "--config", "first/config.json", "--out", "second");
    expect(again.status).toBe(0);
    const read = (out: string) => readFileSync(join(folder, out, "metrics.json"), "utf8");
    expect(read("second")).toBe(read("first"));
  });

  it("explains every command with an example", async () => {
    for (const name of ["train", "evaluate", "predict", "inspect", "summary", "convert", "demo"]) {
      const { status, stdout } = await roentgen(name, "--help");
      expect(status, name).toBe(0);
      expect(stdout, name).toMatch(new RegExp(`Example:\\n +roentgen ${name}`));
    }
  });
});

describe("what a user has is not written over", () => {
  it("by predictions or conversions, least of all what they are made from", async () => {
    writeText("kept.csv", readFileSync(join(folder, "lesions.csv"), "latin1"));
    const options = [
      "--target",
      "diagnosis",
      "--drop",
      "diameter_mm",
      "--no-learning-curve",
      "--permutations",
      "0",
    ];
    expect((await roentgen("train", "kept.csv", ...options, "--out", "safe")).status).toBe(0);
    for (const args of [
      ["predict", "safe", "kept.csv", "--out", "kept.csv"],
      ["predict", "safe", "kept.csv", "--out", "kept.csv", "--force"],
      ["convert", "kept.csv", "./kept.csv", "--force"],
    ]) {
      const { status, stderr } = await roentgen(...args);
      expect(stderr).toContain("not written over");
      expect(status).toBe(1);
    }
    expect(
      (await roentgen("predict", "safe", "kept.csv", "--out", "lesions.csv")).stderr,
    ).toContain("already");
    expect(readFileSync(join(folder, "kept.csv"))).toEqual(
      readFileSync(join(folder, "lesions.csv")),
    );
  });

  it("by a run, where the folder holds files or another run", async () => {
    mkdirSync(join(folder, "mine"));
    writeText("mine/report.html", "mine");
    const train = ["train", "lesions.csv", "--target", "diagnosis", "--out"];
    const refused = await roentgen(...train, "mine");
    expect(refused.stderr).toContain("write over: report.html");
    expect(readFileSync(join(folder, "mine/report.html"), "utf8")).toBe("mine");

    writeText("changing.csv", readFileSync(join(folder, "lesions.csv"), "latin1"));
    const changing = [
      "train",
      "changing.csv",
      "--target",
      "diagnosis",
      "--no-learning-curve",
      "--permutations",
      "0",
      "--out",
      "once",
    ];
    expect((await roentgen(...changing)).status).toBe(0);
    expect((await roentgen(...changing)).status).toBe(0);
    writeText(
      "changing.csv",
      readFileSync(join(folder, "lesions.csv"), "latin1").split("\n").slice(0, 60).join("\n"),
    );
    expect((await roentgen(...changing)).stderr).toContain("other settings or data");
    expect((await roentgen("demo", "--patients", "30", "--out", "once")).stderr).toContain(
      "other settings or data",
    );
  });
});

describe("bad input gives a sentence and an exit code", () => {
  it.each<[title: string, args: string[], status: number, message: RegExp]>([
    ["an unknown command", ["trian"], 2, /Did you mean train/],
    ["an unknown option", ["train", "lesions.csv", "--modle", "forest"], 2, /--model/],
    ["an unknown model", ["train", "lesions.csv", "--model", "woods"], 2, /forest, extra-trees/],
    [
      "an unknown model option",
      ["train", "lesions.csv", "--target", "diagnosis", "--set", "tree=5"],
      2,
      /no option "tree"/,
    ],
    ["an impossible fraction", ["train", "lesions.csv", "--test", "2"], 2, /between 0 and 1/],
    ["nothing to learn from", ["train"], 2, /nothing to learn from/],
    ["draws of nothing", ["train", "lesions.csv", "--draws", "3"], 2, /Name them with --search/],
    [
      "repeats of nothing",
      ["train", "lesions.csv", "--repeats", "3"],
      2,
      /Ask for one with --folds/,
    ],
    [
      "a single shuffle",
      ["train", "lesions.csv", "--permutations", "1"],
      2,
      /two shuffles or more/,
    ],
    [
      "a subgroup that is not there",
      ["train", "lesions.csv", "--target", "diagnosis", "--subgroup", "Site"],
      1,
      /Did you mean site/,
    ],
    ["a file that is not there", ["train", "nothing.csv"], 1, /no file or folder at nothing\.csv/],
    [
      "a folder without images",
      ["train", "."],
      1,
      /Cannot tell the classes.*at least two folders with images/s,
    ],
    [
      "rows that don't match labels",
      ["train", "features.npy", "--labels", "short-labels.csv"],
      1,
      /2/,
    ],
    [
      "missing labels",
      ["train", "missing-label.csv", "--target", "diagnosis"],
      1,
      /missing in 1 of 5 rows.*row 3/s,
    ],
    ["a single class", ["train", "one-class.csv", "--target", "diagnosis"], 1, /class/],
    [
      "text where numbers belong",
      ["train", "words.csv", "--target", "size_mm", "--task", "regression"],
      1,
      /four/,
    ],
    [
      "more folds than members",
      ["train", "few.csv", "--target", "diagnosis", "--folds", "9"],
      1,
      /fold/,
    ],
    [
      "a column that is not there",
      ["train", "lesions.csv", "--target", "Diagnosis"],
      1,
      /Did you mean diagnosis\?/,
    ],
    ["a ragged table", ["inspect", "ragged.csv"], 1, /line 3/],
    ["an empty file", ["inspect", "empty.csv"], 1, /empty/],
    ["a file of another kind", ["inspect", "picture.png"], 1, /picture\.png/],
    ["200 bytes that claim 8 GB", ["inspect", "fraud.npy"], 1, /fraud\.npy/],
    ["something that is no model", ["predict", "lesions.csv", "lesions.csv"], 1, /bundle/],
    ["something that is no ONNX", ["summary", "lesions.csv"], 1, /ONNX/],
  ])("for %s", async (_title, args, status, message) => {
    const result = await roentgen(...args, ...(args[0] === "train" ? ["--out", "refused"] : []));
    expect(result.stderr).toMatch(message);
    expect(result.stderr).not.toMatch(/fault of Roentgen|at .*\.ts:\d/);
    expect(result.status).toBe(status);
    expect(existsSync(join(folder, "refused"))).toBe(false);
  });

  it.each(["features.npy", "features.npz", "features.mat", "features.parquet"])(
    "for a cut or scrambled %s",
    async (name) => {
      const bytes = readFileSync(join(folder, name));
      const cut = `cut-${name}`;
      const scrambled = `scrambled-${name}`;
      writeFileSync(join(folder, cut), bytes.subarray(0, Math.floor(bytes.length * 0.6)));
      writeFileSync(
        join(folder, scrambled),
        bytes.map((byte, at) => (at > 8 && at % 3 === 0 ? byte ^ 0x5a : byte)),
      );
      for (const path of [cut, scrambled]) {
        const { status, stderr } = await roentgen("inspect", path);
        expect(stderr).not.toMatch(/fault of Roentgen|at .*\.ts:\d/);
        // Scrambling numbers alone leaves a readable file.
        if (path === cut) expect(status).toBe(1);
      }
    },
  );

  it("as JSON where that was asked for", async () => {
    const { status, stdout } = await roentgen("inspect", "nothing.csv", "--json");
    expect(status).toBe(1);
    expect(JSON.parse(stdout).error).toMatchObject({
      code: "file-not-found",
      subject: "nothing.csv",
    });
  });

  it.skipIf(process.platform === "win32")(
    "when the disk is full, leaving nothing half-written",
    () => {
      // A limit on the size of files stands in for the full disk: writing past it fails in the same way.
      const script = `trap '' XFSZ; ulimit -f 8; exec "$0" "$@"`;
      const args = [...command, "train", "lesions.csv", "--target", "diagnosis", "--out", "full"];
      const { status, stderr } = spawnSync("bash", ["-c", script, process.execPath, ...args], {
        cwd: folder,
        encoding: "utf8",
      });
      expect(stderr).toMatch(/the disk is full|file too large/i);
      expect(status).toBe(1);
      expect(readdirSync(join(folder, "full"))).toEqual(["log.jsonl"]);
    },
  );

  it.skipIf(process.platform === "win32")("on Ctrl-C, leaving nothing half-written", async () => {
    const args = [
      "train",
      "lesions.csv",
      "--target",
      "diagnosis",
      "--out",
      "stopped",
      "--set",
      "trees=20000",
    ];
    const child = spawn(process.execPath, [...command, ...args], { cwd: folder });
    let stderr = "";
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    const log = join(folder, "stopped/log.jsonl");
    const watch = setInterval(() => {
      if (!existsSync(log)) return;
      clearInterval(watch);
      setTimeout(() => child.kill("SIGINT"), 500);
    }, 50);
    const status = await new Promise((resolve) => child.on("close", resolve));
    expect(stderr).toContain("Cancelled");
    expect(status).toBe(1);
    expect(readdirSync(join(folder, "stopped"))).toEqual(["log.jsonl"]);
  });
});
