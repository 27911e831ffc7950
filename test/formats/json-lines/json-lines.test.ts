// JSON lines: what is written is read back, odd lines are told, damage is no crash.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeTable, memorySource, RoentgenError } from "../../../src/base/index.ts";
import { readJsonLines } from "../../../src/formats/json-lines/read-json-lines.ts";
import { writeJsonLines } from "../../../src/formats/json-lines/write-json-lines.ts";

const read = (text: string) =>
  readJsonLines(memorySource(new TextEncoder().encode(text), "t.jsonl"));
const written = (table: Parameters<typeof writeJsonLines>[0]) =>
  Buffer.concat([...writeJsonLines(table)]);

describe("JSON lines", () => {
  it("keep numbers and text, and what is missing", async () => {
    const cell = fc.option(fc.string({ minLength: 1 }), { nil: null });
    const rows = fc.array(
      fc.tuple(
        fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: Number.NaN }),
        cell,
      ),
      { minLength: 1 },
    );
    await fc.assert(
      fc.asyncProperty(rows, async (values) => {
        const table = makeTable([
          { kind: "number", name: "n", values: Float64Array.of(1, ...values.map(([n]) => n)) },
          { kind: "text", name: '__proto__ " ü', values: ["x", ...values.map(([, text]) => text)] },
        ]);
        const back = await readJsonLines(memorySource(written(table)));
        expect(back.table.columns.map(({ name }) => name)).toEqual(["n", '__proto__ " ü']);
        back.table.columns.forEach((column, at) => {
          expect([...column.values].map((value) => (Object.is(value, -0) ? 0 : value))).toEqual(
            [...table.columns[at].values].map((value) => (Object.is(value, -0) ? 0 : value)),
          );
        });
      }),
    );
  });

  it("join lists, and name the members that only some objects have", async () => {
    const { table, notes } = await read(
      '{"path":"a.png","findings":["Mass","Edema"],"ok":true}\n\n{"path":"b.png","findings":[],"box":{"x":1}}\r\n',
    );
    expect(table.columns).toEqual([
      { kind: "text", name: "path", values: ["a.png", "b.png"] },
      { kind: "text", name: "findings", values: ["Mass|Edema", ""] },
      { kind: "text", name: "ok", values: ["true", null] },
      { kind: "text", name: "box", values: [null, '{"x":1}'] },
    ]);
    expect(notes).toEqual(["3 lists of values became text."]);
  });

  it.each<[string, string, RegExp]>([
    ["a line that is no JSON", '{"a":1}\n{"a":', /object in line 2, found no JSON/],
    ["a line that is no object", "[1]\n", /object in line 1, found another value/],
    ["bytes that are no text", "\ud800", /./],
  ])("refuse %s", async (_, text, message) => {
    if (text === "\ud800")
      await expect(readJsonLines(memorySource(Uint8Array.of(0xff, 0xfe)))).rejects.toThrow(message);
    else await expect(read(text)).rejects.toThrow(message);
  });

  it("are read or refused whatever byte is changed", async () => {
    const sound = new TextEncoder().encode('{"a":1.5,"b":"x"}\n{"a":null,"b":["y",2]}\n');
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: sound.length - 1 }),
        fc.nat({ max: 255 }),
        async (at, byte) => {
          const bytes = sound.slice();
          bytes[at] = byte;
          const result = await readJsonLines(memorySource(bytes)).catch((cause) => cause);
          if (result instanceof Error) expect(result).toBeInstanceOf(RoentgenError);
          else expect(result.table.rowCount).toBeLessThanOrEqual(3);
        },
      ),
    );
  });
});
