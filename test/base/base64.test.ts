import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { base64 } from "../../src/base/index.ts";

describe("base64", () => {
  it("says what Node says of any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(base64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
      }),
    );
  });

  it("takes more bytes than a call has arguments", () => {
    const bytes = Uint8Array.from({ length: 300_001 }, (_, at) => at % 251);
    expect(base64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
  });
});
