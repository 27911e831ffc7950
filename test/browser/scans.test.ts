// Scans read in Chromium and in Node: the same voxels at the same place, from compiled decoders too.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { chromium, runPage } from "./run-page.ts";
import { drawnFiles, type Files, sharedFiles } from "./scan-files.ts";
import { type ReadScan, ROUNDED, readScans } from "./scans.ts";

const WASM = "node_modules/dcmjs-codecs/build/dcmjs-native-codecs.wasm";

/** Scripts of the page's own and WebAssembly, but no `eval`. */
const POLICY = { "content-security-policy": "script-src 'self' 'wasm-unsafe-eval'" };

async function readBoth(files: Files): Promise<{ inNode: ReadScan[]; inChromium: ReadScan[] }> {
  const names = [...files.keys()];
  const served = new Map(files);
  served.set("names.json", new TextEncoder().encode(JSON.stringify(names)));
  served.set("assets/decoders.wasm", new Uint8Array(readFileSync(WASM)));
  const fetchFile = async (name: string) => files.get(name)!;
  const inNode = await readScans(names, { fetchFile, wasm: undefined });
  const options = { files: served, headers: POLICY };
  const inChromium = await runPage<ReadScan[]>("scans-page.ts", options);
  return { inNode: JSON.parse(JSON.stringify(inNode)), inChromium };
}

const exact = (scans: readonly ReadScan[]) => scans.filter(({ name }) => !ROUNDED.test(name));

describe.skipIf(!chromium)("Chromium reads scans (skipped where there is none)", () => {
  it("in every transfer syntax and format as Node does, to the bit", {
    timeout: 300_000,
  }, async () => {
    const { inNode, inChromium } = await readBoth(await drawnFiles());
    expect(inNode.filter(({ geometry }) => !geometry).map(({ name }) => name)).toEqual([
      "a.raw.gz",
      "a.nhdr",
    ]);
    expect(exact(inChromium)).toEqual(exact(inNode));
    expect(inNode.length).toBeGreaterThan(110);
    const [node, chromium] = [inNode, inChromium].map((all) =>
      all.find(({ name }) => ROUNDED.test(name)),
    );
    const differences = node!.values!.map((value, at) => Math.abs(value - chromium!.values![at]));
    expect(Math.max(...differences)).toBeLessThanOrEqual(2);
  });
});

const data = "../shared/data";
const shared = sharedFiles(data, ["dicom/pydicom/test_files", "dicom/dcm_qa_ts/In", "volumes"]);

describe.skipIf(!chromium || shared.size === 0)(
  `Chromium reads shared files (skipped without ${data})`,
  () => {
    it("as Node does, to the bit, and refuses the same", { timeout: 300_000 }, async () => {
      const { inNode, inChromium } = await readBoth(shared);
      expect(exact(inChromium)).toEqual(exact(inNode));
      expect(inNode.filter(({ geometry }) => geometry).length).toBeGreaterThan(100);
    });
  },
);
