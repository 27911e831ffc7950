import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rocPlot } from "../../src/study/index.ts";
import { elementNames } from "./xml.ts";

/** Every plot, drawn of ordinary data in which all text is `text`. */
const plots: Record<string, (text: string) => string> = {
  roc: (text) =>
    rocPlot(
      [
        {
          label: text,
          falsePositiveRate: [0, 0.1, 1],
          truePositiveRate: [0, 0.8, 1],
          auc: { value: 0.85, low: 0.8, high: 0.9 },
          operatingPoint: { falsePositiveRate: 0.1, truePositiveRate: 0.8 },
        },
        { label: text, falsePositiveRate: [0, 1], truePositiveRate: [0, 1] },
      ],
      { title: text },
    ),
};

describe.each(Object.entries(plots))("the %s plot", (_, draw) => {
  it("is well-formed XML whatever its labels hold", () => {
    const expected = elementNames(draw("label"));
    expect(expected.slice(0, 3)).toEqual(["svg", "title", "desc"]);
    for (const text of ["<&>\"'", "</svg><script>", "\u0000\u0001\u202e\ud800", "é 肿瘤 🫁"]) {
      expect(elementNames(draw(text))).toEqual(expected);
    }
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (text) => {
        elementNames(draw(text));
      }),
      { numRuns: 25 },
    );
  });

  it("carries no fixed colour, script, link, style sheet or id", () => {
    const svg = draw("label");
    expect(svg).not.toMatch(/<script|<style|href|url\(|\sid=|\son\w+=/);
    for (const [, value] of svg.matchAll(/(?:fill|stroke)="([^"]*)"/g)) {
      expect(value).toMatch(/^(none|currentColor|var\(--plot-[\w-]+, currentColor\))$/);
    }
  });

  it("names itself for a screen reader", () => {
    expect(draw("label")).toMatch(/^<svg[^>]* role="img"/);
    expect(draw("label")).toMatch(/<title>[^<]+<\/title><desc>[^<]+<\/desc>/);
  });

  it("holds no coordinate that is not a number and is drawn the same twice", () => {
    expect(draw("label")).not.toMatch(/NaN|Infinity|undefined|null/);
    expect(draw("label")).toBe(draw("label"));
  });
});
