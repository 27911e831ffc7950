import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseNumber } from "../../../src/formats/csv/number.ts";

function parse(text: string, decimal = "."): number {
  const bytes = new TextEncoder().encode(`xx${text}xx`);
  return parseNumber(bytes, 2, bytes.length - 2, decimal.charCodeAt(0));
}

describe("parseNumber", () => {
  test("rounds every double's shortest spelling back to that double", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => {
        fc.pre(!Number.isInteger(value) || Number.isSafeInteger(value));
        expect(parse(Object.is(value, -0) ? "-0" : String(value))).toBe(value);
      }),
      { numRuns: 20_000 },
    );
  });

  test("rounds decimals of any length as the language does", () => {
    const digits = fc.bigInt({ min: 0n, max: 10n ** 24n });
    fc.assert(
      fc.property(digits, fc.integer({ min: 1, max: 26 }), fc.boolean(), (whole, places, minus) => {
        const padded = whole.toString().padStart(places + 1, "0");
        const integer = padded.slice(0, -places).replace(/^0+(?=\d)/, "");
        const text = `${minus ? "-" : ""}${integer}.${padded.slice(-places)}`;
        expect(parse(text)).toBe(Number(text));
      }),
      { numRuns: 20_000 },
    );
  });

  test("rounds decimals exactly between two doubles to the even one", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 2n ** 52n, max: 2n ** 53n - 1n }), (mantissa) => {
        const between = mantissa * 2n + 1n; // twice the number in the middle
        const text = `${between / 2n}.5`;
        expect(parse(text)).toBe(Number(text));
      }),
      { numRuns: 5000 },
    );
  });

  test.each([
    ["-Infinity", Number.NEGATIVE_INFINITY],
    ["+inf", Number.POSITIVE_INFINITY],
    [" 12 ", 12],
    ["1.", 1],
    [".5", 0.5],
    ["0", 0],
    ["0.10", 0.1],
    ["1e400", Number.POSITIVE_INFINITY],
    ["9007199254740991", 9007199254740991],
  ])("reads %j as %d", (text, value) => expect(parse(text)).toBe(value));

  test.each(["", " ", "-", ".", "e5", "1e", "1e+", "1.2.3", "1,5", "0x10", "1_0", "inf1", "--1"])(
    "reads %j as no number",
    (text) => expect(parse(text)).toBeNaN(),
  );

  test.each(["007", "-01", "00.5", "9007199254740993", "123456789012345678901234567890"])(
    "leaves %j to text, whose digits would be lost",
    (text) => expect(parse(text)).toBeNaN(),
  );

  test("reads a decimal comma, however many digits", () => {
    expect(parse("1,5", ",")).toBe(1.5);
    expect(parse("0,30000000000000004", ",")).toBe(0.30000000000000004);
    expect(parse("1,2345e-300", ",")).toBe(1.2345e-300);
    expect(parse("1.5", ",")).toBeNaN();
  });
});
