import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { version } from "../../src/base/index.ts";

it("is the version that package.json states", () => {
  const stated = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  expect(version).toBe(stated.version);
});
