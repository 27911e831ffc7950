// Event files, byte by byte as protobuf and a CRC-32C of others make them (test/formats/expected/make-events.py).

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { crc32c } from "../../../src/formats/elements/checksums.ts";
import { eventFileHead, scalarRecord } from "../../../src/formats/index.ts";

interface Expected {
  readonly head: string;
  readonly cases: readonly { step: number; scalars: Record<string, string>; bytes: string }[];
}

const { head, cases }: Expected = JSON.parse(
  readFileSync(new URL("../expected/events.json", import.meta.url), "utf8"),
);
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

describe("An event file", () => {
  it("begins with its version and the step at which a training starts", () => {
    expect(hex(eventFileHead({ time: new Date(1764340000500), step: 41 }))).toBe(head);
  });

  it.each(cases)("holds the figures of step $step", ({ step, scalars, bytes }) => {
    const numbers = Object.entries(scalars).map(([tag, text]) => [
      tag,
      text === "inf" ? Number.POSITIVE_INFINITY : Number(text),
    ]);
    const time = new Date(1764340001250);
    expect(hex(scalarRecord({ time, step, scalars: Object.fromEntries(numbers) }))).toBe(bytes);
  });
});

it.each([
  // RFC 3720, appendix B.4
  ["32 zeros", new Uint8Array(32), 0x8a9136aa],
  ["32 times 255", new Uint8Array(32).fill(255), 0x62a8ab43],
  ["0 to 31", Uint8Array.from({ length: 32 }, (_, at) => at), 0x46dd794e],
])("takes the CRC-32C of %s", (_, bytes, sum) => {
  expect(crc32c(bytes)).toBe(sum);
});
