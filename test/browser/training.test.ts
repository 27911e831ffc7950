// A network trained in Chromium, on the CPU and through WebGPU: it learns as in Node, and Node runs what it exports.

import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { chromium, runPage } from "./run-page.ts";
import {
  type Learnt,
  type Lesson,
  learnLesions,
  predictPatches,
  validationPatches,
} from "./training.ts";

/** Without them a page has no shared memory, so no threads. */
const ISOLATION = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

type LearntInPage = Learnt & { isolated: boolean };

function learnInChromium(
  lesson: Lesson,
  { headers = {}, flags }: { headers?: Record<string, string>; flags?: readonly string[] },
): Promise<LearntInPage> {
  const kind = lesson.device === "webgpu" ? ".asyncify" : "";
  const runtime = ["mjs", "wasm"].map((ending) => `ort-wasm-simd-threaded${kind}.${ending}`);
  const files = new Map(
    runtime.map((name) => [
      `onnxruntime/${name}`,
      new Uint8Array(readFileSync(`node_modules/onnxruntime-web/dist/${name}`)),
    ]),
  );
  files.set("lesson.json", new TextEncoder().encode(JSON.stringify(lesson)));
  return runPage<LearntInPage>("training-page.ts", { files, headers, flags });
}

/** Largest difference of what the exported model gives in Node from what it gave in the page. */
async function differenceInNode({ model, probabilities }: Learnt): Promise<number> {
  const inNode = await predictPatches(Uint8Array.from(model), { patches: validationPatches() });
  expect(inNode.length).toBe(probabilities.length);
  return Math.max(...inNode.map((value, at) => Math.abs(value - probabilities[at])));
}

const relative = (a: number, b: number) => Math.abs(a - b) / Math.abs(b);

describe.skipIf(!chromium)("Training in Chromium (skipped where there is none)", () => {
  let inNode: Learnt;
  beforeAll(async () => {
    inNode = await learnLesions({ device: "cpu", threads: 1, epochs: 5 });
  }, 300_000);

  it.each([
    ["one thread, in a page that is not isolated", {}, undefined],
    ["two threads, in a page that is isolated", ISOLATION, 2],
  ] as const)(
    "on the CPU with %s learns as in Node",
    {
      timeout: 300_000,
    },
    async (_, headers, threads) => {
      const inPage = await learnInChromium({ device: "cpu", threads, epochs: 5 }, { headers });
      expect(inPage.isolated).toBe(threads !== undefined);
      for (const [step, loss] of inPage.losses.slice(0, 10).entries()) {
        expect(relative(loss, inNode.losses[step])).toBeLessThan(1e-5);
      }
      expect(inPage.accuracy).toBeGreaterThan(0.95);
      expect(await differenceInNode(inPage)).toBeLessThan(1e-4);
    },
  );
});
