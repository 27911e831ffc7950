import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openFile } from "#files";
import type { ByteSource } from "../../src/base/index.ts";
import { RoentgenError } from "../../src/base/index.ts";
import { readMat, readNpy, readNpz } from "../../src/formats/index.ts";
import type { Described } from "./described.ts";
import { describedTensor, describedTensors, describedVariables } from "./described.ts";

const shared = "../shared/data";
const expectedFile = new URL("./expected/shared-arrays.json", import.meta.url);
const expected: { npy: Record<string, Described>; mat: Record<string, Described> } = JSON.parse(
  readFileSync(expectedFile, "utf8"),
);

describe.skipIf(!existsSync(`${shared}/npy`))(
  "every array file of shared/data/npy reads as numpy reads it (needs ../shared)",
  () => {
    it.each(Object.entries(expected.npy))("%s", async (file, values) => {
      await expectAsDescribed(`${shared}/npy/${file}`, values, async (source) =>
        file.endsWith(".npz")
          ? describedTensors(await readNpz(source))
          : describedTensor(await readNpy(source)),
      );
    });

    it("none is left out", () => {
      const files = readdirSync(`${shared}/npy`).filter((file) => /\.np[yz]$/.test(file));
      expect(Object.keys(expected.npy)).toEqual(files.sort());
    });
  },
);

describe.skipIf(!existsSync(`${shared}/mat`))(
  "every MAT-file of shared/data/mat reads as scipy reads it (needs ../shared)",
  () => {
    // Version 7.3 is beyond scipy; what this one holds is known from its twins of other versions.
    const twin = { testdouble: expected.mat["testdouble_7.4_GLNX86.mat"].testdouble };
    const known = { ...expected.mat, "testhdf5_7.4_GLNX86.mat": twin };

    it.each(Object.entries(known))("%s", async (file, values) => {
      await expectAsDescribed(`${shared}/mat/${file}`, values, async (source) =>
        describedVariables(await readMat(source)),
      );
    });

    it("none is left out", () => {
      const files = readdirSync(`${shared}/mat`).filter((file) => file.endsWith(".mat"));
      expect(Object.keys(expected.mat)).toEqual(files.sort());
    });
  },
);

async function expectAsDescribed(
  path: string,
  values: Described,
  read: (source: ByteSource) => Promise<Described>,
): Promise<void> {
  const source = await openFile(path);
  try {
    if ("fails" in values) await expect(read(source)).rejects.toBeInstanceOf(RoentgenError);
    else expect(await read(source)).toEqual(values);
  } finally {
    await source.close();
  }
}
