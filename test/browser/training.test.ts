// A network trained in Chromium, on the CPU and through WebGPU: it learns as in Node, and Node runs what it exports.

import { describe, expect, it } from "vitest";
import { chromium, runPage } from "./run-page.ts";
import { runtimeFiles } from "./runtime-files.ts";
import { stateAlongRuns } from "./state.ts";
import {
  bytesOf,
  type Learnt,
  type Lesson,
  learnLesions,
  predictPatches,
  validationPatches,
} from "./training.ts";
import { learnVolumes, type VolumeLesson } from "./volume.ts";

/** Without them a page has no shared memory, so no threads. */
const ISOLATION = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

/** Chromium's WebGPU on the CPU: slow, but it computes what a graphics processor would. */
const SWIFTSHADER = [
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--enable-features=Vulkan",
];

interface Page {
  readonly headers?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
}

type LearntInPage = Learnt & { isolated: boolean; state: number[][] };

function learnInChromium<Result = LearntInPage>(lesson: Lesson, page: Page): Promise<Result> {
  const files = runtimeFiles(lesson.device);
  files.set("lesson.json", new TextEncoder().encode(JSON.stringify(lesson)));
  return runPage<Result>("training-page.ts", { files, ...page });
}

/** On WebGPU, where there is an adapter; `skip` is a test's own. */
function learnOnWebGpu<Result = LearntInPage>(
  lesson: Lesson,
  skip: (note: string) => void,
): Promise<Result> {
  const page = { headers: ISOLATION, flags: SWIFTSHADER };
  return learnInChromium<Result>(lesson, page).catch((error: Error) => {
    if (error.message.includes("without a WebGPU adapter")) skip("no WebGPU adapter");
    throw error;
  });
}

/** Largest difference of what the exported model gives in Node from what it gave in the page. */
async function differenceInNode({ model, probabilities, size }: Learnt): Promise<number> {
  const patches = validationPatches(size);
  const inNode = await predictPatches(bytesOf(model), { patches });
  expect(inNode.length).toBe(probabilities.length);
  return Math.max(...inNode.map((value, at) => Math.abs(value - probabilities[at])));
}

const relative = (a: number, b: number) => Math.abs(a - b) / Math.abs(b);

describe.skipIf(!chromium)("Training in Chromium (skipped where there is none)", () => {
  it.each([
    ["one thread, in a page that is not isolated", {}, undefined],
    ["two threads, in a page that is isolated", ISOLATION, 2],
  ] as const)(
    "on the CPU with %s learns as in Node",
    {
      timeout: 300_000,
    },
    async (_, headers, threads) => {
      const lesson: Lesson = { device: "cpu", threads, epochs: 4, size: 32 };
      const inPage = await learnInChromium(lesson, { headers });
      expect(inPage.isolated).toBe(threads !== undefined);
      await expectSameAsNode(inPage, { lesson, tolerance: 1e-5 });
    },
  );

  // Some minutes; TUTORIAL_IN_CHROMIUM=1 asks for it.
  it.skipIf(!process.env.TUTORIAL_IN_CHROMIUM)(
    "on the CPU trains the tutorial's network of 7.4 million parameters",
    { timeout: 1_200_000 },
    async () => {
      const lesson: Lesson = { device: "cpu", threads: 2, epochs: 8, size: 128 };
      const inPage = await learnInChromium(lesson, { headers: ISOLATION });
      const difference = await differenceInNode(inPage);
      const { accuracy, stepMs, losses } = inPage;
      console.log({ accuracy, stepMs, steps: losses.length, difference });
      expect(accuracy).toBeGreaterThan(0.95);
      expect(difference).toBeLessThan(1e-4);
    },
  );

  it("runs the example", { timeout: 120_000 }, async () => {
    const page = { files: runtimeFiles("cpu"), headers: ISOLATION };
    const title = await runPage<string>("example-page.ts", page);
    expect(title).toMatch(/^(9[6-9]|100) of 100 right$/);
  });

  // A processor that draws would take the larger lesson; Chromium's stand-in for one is slow.
  it("on WebGPU learns as in Node (skipped without an adapter)", {
    timeout: 600_000,
  }, async ({ skip }) => {
    const lesson: Lesson = { device: "webgpu", epochs: 2, size: 16 };
    const inPage = await learnOnWebGpu(lesson, skip);
    expect(inPage.device).toBe("webgpu");
    await expectSameAsNode(inPage, { lesson, tolerance: 1e-4 });
  });

  it("on WebGPU learns volumes as in Node (skipped without an adapter)", {
    timeout: 300_000,
  }, async ({ skip }) => {
    const lesson: Lesson = { device: "webgpu", epochs: 3, of: "volumes" };
    const inPage = await learnOnWebGpu<VolumeLesson>(lesson, skip);
    const inNode = await learnVolumes("cpu");
    expect(inPage.device).toBe("webgpu");
    for (const [at, loss] of inPage.losses.entries())
      expect(relative(loss, inNode.losses[at])).toBeLessThan(1e-4);
    const differences = inPage.parameters.map((value, at) =>
      Math.abs(value - inNode.parameters[at]),
    );
    expect(differences.length).toBe(inNode.parameters.length);
    expect(Math.max(...differences)).toBeLessThan(1e-4);
  });
});

async function expectSameAsNode(
  inPage: LearntInPage,
  { lesson, tolerance }: { lesson: Lesson; tolerance: number },
): Promise<void> {
  const inNode = await learnLesions({ ...lesson, device: "cpu", threads: 1 });
  for (const [step, loss] of inPage.losses.slice(0, 10).entries()) {
    expect(relative(loss, inNode.losses[step])).toBeLessThan(tolerance);
  }
  expect(inPage.accuracy).toBeGreaterThan(0.95);
  expect(await differenceInNode(inPage)).toBeLessThan(1e-4);
  expect(inPage.state).toEqual(await stateAlongRuns("cpu"));
}
