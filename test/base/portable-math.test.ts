import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { portableCos, portableExp, portableLog, portableSin } from "../../src/base/index.ts";

/** Units in the last place between a value and the engine's. */
function unitsApart(value: number, truth: number): number {
  if (Object.is(value, truth)) return 0;
  return Math.abs(value - truth) / Math.max(Math.abs(truth) * 2 ** -52, 2 ** -1074);
}

describe("portable functions", () => {
  const angle = fc.double({ min: -1e5, max: 1e5, noNaN: true });

  it.each([
    ["exp", portableExp, Math.exp, fc.double({ min: -745, max: 709, noNaN: true })],
    ["log", portableLog, Math.log, fc.double({ min: 0, noNaN: true })],
    ["sin", portableSin, Math.sin, angle],
    ["cos", portableCos, Math.cos, angle],
  ] as const)(
    "%s is within one unit in the last place of the engine's",
    (_, own, engine, input) => {
      fc.assert(
        fc.property(input, (x) => unitsApart(own(x), engine(x)) <= 1.5),
        { numRuns: 5000 },
      );
    },
  );

  it("know the ends of their ranges", () => {
    expect([portableExp(1000), portableExp(-1000), portableExp(0)]).toEqual([Infinity, 0, 1]);
    expect([portableLog(0), portableLog(-1), portableLog(Infinity)]).toEqual([
      -Infinity,
      Number.NaN,
      Infinity,
    ]);
    expect([portableSin(0), portableCos(0)]).toEqual([0, 1]);
  });

  // Bits that no engine may change: fdlibm's. glibc's differ in the last bit of exp(1), 69 for 6a.
  it("keep their bits", () => {
    const bits = (value: number) =>
      new BigUint64Array(Float64Array.of(value).buffer)[0].toString(16);
    expect([portableExp(1), portableLog(10), portableSin(1), portableCos(1)].map(bits)).toEqual([
      "4005bf0a8b14576a",
      "40026bb1bbb55516",
      "3feaed548f090cee",
      "3fe14a280fb5068c",
    ]);
  });
});
