// Ctrl-C in the middle of a conversion: what is there is whole, nothing else is left, and the exit code says so.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { writeFilesWhole } from "#files";
import { makeImage, memorySource, patientGeometry } from "../../src/base/index.ts";
import { readImage, writeImage } from "../../src/formats/index.ts";

const VOLUMES = 24;
const SIDE = 96;

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "roentgen-interrupted-"));
  mkdirSync(join(folder, "in"));
  const geometry = patientGeometry({
    ...{ size: [SIDE, SIDE, SIDE] as const, spacing: [1, 1, 1], origin: [0, 0, 0] },
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  });
  const data = Float32Array.from({ length: SIDE ** 3 }, (_, at) => Math.sin(at * at));
  for (let at = 0; at < VOLUMES; at++) {
    const path = join(folder, "in", `${at}.nii`);
    await writeFilesWhole(await writeImage(makeImage({ geometry, data }), path));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(...args: string[]): ChildProcess {
  const program = join(import.meta.dirname, "roentgen.ts");
  const node = ["--conditions=roentgen-source", program, ...args];
  return spawn(process.execPath, node, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
}

/** Names in a folder, which need not be there yet. */
function namesIn(path: string): string[] {
  try {
    return readdirSync(join(folder, path), { recursive: true, encoding: "utf8" });
  } catch {
    return [];
  }
}

it.each([
  ["SIGINT", "nrrd", ".nrrd"],
  ["SIGINT", "dicom", ".dcm"],
  ["SIGTERM", "nifti", ".nii.gz"],
] as const)("%s, to %s", async (signal, format, ending) => {
  const out = `out-${format}`;
  const command = start("convert", "in", out, "--to", format, "--modality", "MR");
  const said = text(command.stderr!);
  const ended = once(command, "exit");
  while (command.exitCode === null && !namesIn(out).some((name) => name.endsWith(ending))) {
    await sleep(5);
  }
  command.kill(signal);
  expect(await ended).toEqual([1, null]);
  expect(await said).toMatch(/Cancelled; nothing half-written was left behind/);
  const files = namesIn(out).filter((name) => name.includes("."));
  expect(files.filter((name) => !name.endsWith(ending))).toEqual([]);
  const perVolume = format === "dicom" ? SIDE : 1;
  expect(files.length % perVolume).toBe(0);
  expect(files.length / perVolume).toBeLessThan(VOLUMES);
  for (const name of [files[0], files.at(-1)!]) {
    const bytes = new Uint8Array(readFileSync(join(folder, out, name)));
    const { image } = await readImage(memorySource(bytes, name));
    expect(image.data).toHaveLength(SIDE ** 3 / perVolume);
  }
});
