// Reading scans against nibabel, pydicom and numpy: the same generated files, in turn, a process a run, ours from the
// package as it is built.
// `npm run bench -- formats`; `-- formats CT` the cases whose name holds a word, `quick` one round.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeFilesWhole } from "#files";
import { makeImage, patientGeometry } from "../src/base/index.ts";
import { niftiFiles, writeImage } from "../src/formats/index.ts";
import { caseNames } from "./formats/case-names.ts";
import { writeCtSeries, writeManyHeaders } from "./formats/ct-series.ts";
import { makeVolumes } from "./imaging/volumes.ts";

interface Run {
  /** The first run of a process, after start-up and imports. */
  firstMs: number;
  /** The best of that and of those after it. */
  bestMs: number;
  /** The whole process, from outside. */
  wholeMs: number;
  /** Peak resident memory of the first run beyond that after imports. */
  bytes: number;
  check: number;
}

const PYTHON = "/usr/bin/python3";
const SLICES = 300;
const HEADERS = 10_000;
const REPEATS = 3;

export default async function benchmark(words: readonly string[]): Promise<void> {
  const rounds = words.includes("quick") ? 1 : 3;
  const wanted = words.filter((word) => word !== "quick");
  const names = caseNames.filter((name) => wanted.every((word) => name.includes(word)));
  build();
  const peer = peerVersions();
  console.log(peer ? `Peers: ${peer}.` : `No pydicom and nibabel under ${PYTHON}: our side alone.`);
  console.log(
    `Medians of ${rounds} rounds, files in the system's cache. First: a process's first run, after imports; whole:` +
      ` that process, start and imports included;\nlater: the best of ${REPEATS} more runs.` +
      " Memory: peak resident size of the first run (VmHWM) beyond that after imports.",
  );
  const folder = mkdtempSync(join(tmpdir(), "roentgen-bench-"));
  try {
    await makeFiles(folder, names);
    for (const name of names) compare(name, folder, rounds, peer !== undefined);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function build(): void {
  const { status } = spawnSync("npm", ["run", "-s", "build"], { stdio: "inherit" });
  if (status !== 0) throw new Error("The package can't be built.");
}

function peerVersions(): string | undefined {
  const program =
    "import numpy, nibabel, pydicom\n" +
    "from pydicom.config import pixel_data_handlers as handlers\n" +
    "used = [h.HANDLER_NAME for h in handlers if h.is_available()]\n" +
    "print('pydicom', pydicom.__version__, 'with', ', '.join(used) + ';',\n" +
    "  'nibabel', nibabel.__version__ + '; numpy', numpy.__version__)";
  const { status, stdout } = spawnSync(PYTHON, ["-c", program], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

async function makeFiles(folder: string, names: readonly string[]): Promise<void> {
  const isNeeded = (word: string) => names.some((name) => name.includes(word));
  if (isNeeded("256³")) await makeVolumeFiles(folder);
  if (isNeeded("CT series")) {
    const folders = {
      plain: join(folder, "plain"),
      signed: join(folder, "signed"),
      packed: join(folder, "packed"),
    };
    for (const path of Object.values(folders)) mkdirSync(path);
    const ratio = await writeCtSeries(folders, SLICES);
    console.log(
      `CT: ${SLICES} slices of 512 × 512 int16; JPEG 2000 packs them ${ratio.toFixed(2)} : 1.`,
    );
  }
  if (isNeeded("10,000")) {
    mkdirSync(join(folder, "many"));
    writeManyHeaders(join(folder, "many"), HEADERS, 128);
  }
}

async function makeVolumeFiles(folder: string): Promise<void> {
  makeVolumes(folder, 256);
  const bytes = readFileSync(join(folder, "grey.i16"));
  const geometry = patientGeometry({
    size: [256, 256, 256],
    spacing: [1, 1, 1],
    origin: [0, 0, 0],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  });
  const image = makeImage({ geometry, data: new Int16Array(new Uint8Array(bytes).buffer) });
  const path = join(folder, "grey.nii.gz");
  await writeFilesWhole(await niftiFiles(image, path, { compressionLevel: 6 }));
  const nrrd = join(folder, "grey.nrrd");
  await writeFilesWhole(await writeImage(image, nrrd, { compressionLevel: 6 }));
  const ratio = bytes.length / statSync(path).size;
  console.log(`Volume: 256³ int16; gzip packs it ${ratio.toFixed(2)} : 1.`);
}

function compare(name: string, folder: string, rounds: number, withPeer: boolean): void {
  const ours: Run[] = [];
  const theirs: Run[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(run(process.execPath, ["--expose-gc", fileOf("ours.js"), folder, name]));
    if (withPeer) theirs.push(run(PYTHON, [fileOf("peer.py"), folder, name]));
  }
  console.log(`  ${name}`);
  show("ours", ours);
  if (!withPeer) return;
  show("peer", theirs);
  const ratio = (field: keyof Run) => (median(theirs, field) / median(ours, field)).toFixed(2);
  console.log(
    `    ratio: first ${ratio("firstMs")}, whole ${ratio("wholeMs")}, later ${ratio("bestMs")}, memory ${ratio("bytes")}`,
  );
  const isSame = name.startsWith("write") || ours[0].check === theirs[0].check;
  if (!isSame) throw new Error(`${name}: the sides read different voxels.`);
}

function show(side: string, runs: readonly Run[]): void {
  const [first, whole, later] = (["firstMs", "wholeMs", "bestMs"] as const).map((field) =>
    milliseconds(median(runs, field)),
  );
  const memory = `${(median(runs, "bytes") / 2 ** 20).toFixed(0)} MiB`;
  console.log(`    ${side}: first ${first}, whole ${whole}, later ${later}, ${memory}`);
}

function fileOf(name: string): string {
  return new URL(`./formats/${name}`, import.meta.url).pathname;
}

/** One process for its first run, one more for those after it, unless the first took long. */
function run(command: string, words: readonly string[]): Run {
  const start = performance.now();
  const once = spawn(command, [...words, "0"]);
  const wholeMs = performance.now() - start;
  const isLong = once.firstMs > 4000;
  const { bestMs } = isLong ? once : spawn(command, [...words, `${REPEATS}`]);
  return { ...once, bestMs, wholeMs };
}

function spawn(command: string, words: readonly string[]): Run {
  const { status, stdout, stderr } = spawnSync(command, words, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`);
  return JSON.parse(stdout);
}

function median(runs: readonly Run[], field: keyof Run): number {
  const sorted = runs.map((one) => one[field]).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function milliseconds(value: number): string {
  return value < 100 ? `${value.toFixed(1)} ms` : `${value.toFixed(0)} ms`;
}
