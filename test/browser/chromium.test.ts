import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { rolldown } from "rolldown";
import { describe, expect, it } from "vitest";
import { type Augmented, augment } from "./augmentation.ts";
import { type Learnt, learn } from "./program.ts";

const browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const chromium = browsers.find(existsSync);

describe.skipIf(!chromium)("Chromium (skipped where there is none)", () => {
  it("learns what Node learns: trees to the bit, logarithms and exponentials within 1e-12", async () => {
    const [inNode, inChromium] = await Promise.all([learn(), runPage<Learnt[]>("page.ts")]);
    expect(inChromium.map(({ learner }) => learner)).toEqual(["forest", "extra-trees", "logistic"]);
    expect(inChromium.slice(0, 2)).toEqual(inNode.slice(0, 2));
    // exp and log may differ in the last bits from one JavaScript engine to the next.
    const differences = inNode[2].probabilities.map((value, row) =>
      Math.abs(value - inChromium[2].probabilities[row]),
    );
    expect(Math.max(...differences)).toBeLessThan(1e-12);
  });

  it("augments images and masks as Node does, to the bit", async () => {
    const page = runPage<Augmented[]>("augmentation-page.ts");
    const [inNode, inChromium] = await Promise.all([augment(), page]);
    expect(inNode.length).toBeGreaterThan(15);
    expect(inChromium).toEqual(inNode);
  });
});

/** What a page of this folder leaves in its document. */
async function runPage<Result>(source: string): Promise<Result> {
  const script = await bundlePage(source);
  const page =
    '<!doctype html><meta charset="utf-8"><script type="module" src="/page.js"></script>';
  const server = createServer(({ url }, response) => {
    const isScript = url === "/page.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
    response.end(isScript ? script : page);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    return JSON.parse(await textOfPage(`http://127.0.0.1:${port}/`));
  } finally {
    server.close();
  }
}

/** The page's script with everything that it imports, as a browser takes it. */
async function bundlePage(page: string): Promise<string> {
  const source = join(import.meta.dirname, "../../src");
  const bundle = await rolldown({
    input: join(import.meta.dirname, page),
    platform: "browser",
    // Before a build the browser's side of the package imports is in the sources.
    resolve: { alias: { "#workers": join(source, "base/workers-browser.ts") } },
  });
  const { output } = await bundle.generate({ format: "esm", codeSplitting: false });
  return output[0].code;
}

async function textOfPage(address: string): Promise<string> {
  const profile = mkdtempSync(join(tmpdir(), "roentgen-chromium-"));
  try {
    const flags = [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
    ];
    const run = [
      `--user-data-dir=${profile}`,
      "--virtual-time-budget=60000",
      "--dump-dom",
      address,
    ];
    const { stdout } = await promisify(execFile)(chromium as string, [...flags, ...run]);
    return /<body>(.*)<\/body>/s.exec(stdout)?.[1].trim() ?? stdout;
  } finally {
    rmSync(profile, { recursive: true, force: true });
  }
}
