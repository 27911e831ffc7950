import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { listScans, phantomKinds, readScan, writePhantoms } from "../../../src/tasks/index.ts";

const folder = mkdtempSync(join(tmpdir(), "roentgen-phantoms-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** As small as each kind can be drawn. */
const small: Record<string, Record<string, unknown>> = {
  "chest-x-ray": { size: 64 },
  ct: { size: 32, slices: 8 },
  "brain-mri": { size: 32, slices: 8 },
  ultrasound: { size: 64 },
};
const dciodvfy = "/usr/bin/dciodvfy";

describe.each(phantomKinds)("Phantoms of %s", (kind) => {
  it("are written with masks, manifest and findings, the same bytes each time", async () => {
    const write = (name: string) =>
      writePhantoms(kind, join(folder, name), { count: 2, seed: 3, options: small[kind] });
    await write(`${kind}-a`);
    await write(`${kind}-b`);
    const names = readdirSync(join(folder, `${kind}-a`), {
      recursive: true,
      encoding: "utf8",
    }).sort();
    expect(names.filter((name) => /^(images|masks)\//.test(name))).toHaveLength(4);
    for (const name of names.filter((one) => one.includes("."))) {
      const [a, b] = ["a", "b"].map((copy) => readFileSync(join(folder, `${kind}-${copy}`, name)));
      expect(a.equals(b), name).toBe(true);
    }
    const rows = readFileSync(join(folder, `${kind}-a`, "manifest.csv"), "utf8")
      .trim()
      .split("\n");
    expect(rows).toHaveLength(3);
    const { entries } = await listScans(join(folder, `${kind}-a`));
    const [image, , mask] = await Promise.all(entries.map((entry) => readScan(entry)));
    expect(mask.image.geometry.size).toEqual(image.image.geometry.size);
    await expect(write(`${kind}-a`)).rejects.toThrow(/there already/);
  });

  it.skipIf(!existsSync(dciodvfy))(
    "are DICOM in which dciodvfy finds no error (skipped where there is none)",
    async () => {
      const out = join(folder, `${kind}-dicom`);
      await writePhantoms(kind, out, { count: 1, seed: 3, format: "dicom", options: small[kind] });
      const files = readdirSync(join(out, "images"), { recursive: true, encoding: "utf8" });
      const slices = files.filter((name) => name.endsWith(".dcm"));
      expect(slices.length).toBeGreaterThan(0);
      for (const name of slices) {
        const { stderr } = spawnSync(dciodvfy, [join(out, "images", name)], { encoding: "utf8" });
        expect(stderr).toMatch(/Image/);
        expect(stderr.split("\n").filter((line) => line.startsWith("Error"))).toEqual([]);
      }
    },
  );
});

it("A kind or an option that there is none of is named", async () => {
  await expect(writePhantoms("spleen", join(folder, "x"))).rejects.toThrow(/chest-x-ray, ct/);
  const options = { colour: "red" };
  await expect(writePhantoms("ct", join(folder, "x"), { options })).rejects.toThrow(/colour/);
  expect(existsSync(join(folder, "x"))).toBe(false);
});
