import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { confusionMatrixPlot, type Report, renderReport } from "../../src/study/index.ts";

const hostile = `</title></style><script>alert("1")</script><img src=x onerror='a'> & "q" \u202e\u0000`;

function reportSaying(text: string): Report {
  const svg = confusionMatrixPlot({
    classes: [text, text],
    counts: [
      [3, 1],
      [0, 2],
    ],
  });
  const table = {
    kind: "table",
    caption: text,
    columns: [{ label: text }, { label: text, align: "end" }],
    rows: [[text, text]],
  } as const;
  return {
    title: text,
    subtitle: text,
    lead: {
      summary: text,
      figures: [{ label: text, value: text, interval: text, note: text }],
    },
    notices: [
      { level: "note", title: text, text },
      { level: "warning", title: text, text },
    ],
    sections: [
      {
        title: text,
        blocks: [
          { kind: "prose", text },
          { kind: "facts", facts: [{ label: text, value: text }] },
          table,
          { kind: "figures", figures: [{ svg, caption: text }] },
          { kind: "details", summary: text, blocks: [{ kind: "code", text }, table] },
        ],
      },
      { title: "Second", blocks: [] },
      { title: "Third", blocks: [] },
    ],
    provenance: [{ label: text, value: text }],
    glossary: [{ term: text, meaning: text }],
  };
}

/** The elements of a page, as a browser would see them: what escaping has failed to stop shows up here. */
const tags = (html: string) =>
  [...html.matchAll(/<([a-zA-Z!/][^\s>]*)/g)].map(([, name]) => name.toLowerCase());

describe("renderReport", () => {
  it("loads nothing and runs nothing", () => {
    const html = renderReport(reportSaying("Plain words"));
    expect(html).not.toMatch(
      /<script|<link|<img|<iframe|<object|\bsrc\s*=|url\(|@import|\bon\w+=/i,
    );
    expect(html.replaceAll('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(/https?:|\/\//);
    for (const [, target] of html.matchAll(/href="([^"]*)"/g))
      expect(target).toMatch(/^#(section-\d|provenance|glossary)$/);
    expect(html).toContain("default-src 'none'");
  });

  it("has the same elements whatever hostile text it is given", () => {
    const expected = tags(renderReport(reportSaying("x")));
    expect(tags(renderReport(reportSaying(hostile)))).toEqual(expected);
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (text) => {
        fc.pre(text.trim() !== "" && !/\n{2}/.test(text));
        expect(tags(renderReport(reportSaying(text)))).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  it("shows what can mislead the eye as a replacement character", () => {
    expect(renderReport(reportSaying("a\u202eb\u0000"))).toContain("<h1>a\ufffdb\ufffd</h1>");
  });

  it("shows warnings before notes", () => {
    const html = renderReport(reportSaying("x"));
    expect(html.indexOf("notice warning")).toBeLessThan(html.indexOf("notice note"));
  });

  it.each(["<script>1</script>", '<image href="x"/>', '<g onload="x"/>', "<style>a{}</style>"])(
    "refuses a figure that holds %s",
    (content) => {
      const figures = [{ svg: `<svg>${content}</svg>`, caption: "c" }];
      const sections = [{ title: "s", blocks: [{ kind: "figures", figures } as const] }];
      expect(() => renderReport({ ...reportSaying("x"), sections })).toThrow("a script, a link");
    },
  );
});
