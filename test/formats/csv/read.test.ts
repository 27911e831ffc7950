import { describe, expect, test } from "vitest";
import { type ByteSource, getColumn, memorySource, type Table } from "../../../src/base/index.ts";
import { type CsvOptions, readCsv } from "../../../src/formats/csv/index.ts";

function read(text: string | Uint8Array, options: CsvOptions = {}) {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  return readCsv(memorySource(bytes, "test.csv"), options);
}

/** Columns by name; NaN as null for comparison. */
function plain({ columns }: Table): Record<string, unknown[]> {
  return Object.fromEntries(
    columns.map(({ name, values }) => [
      name,
      Array.from<unknown>(values).map((value) => (Number.isNaN(value) ? null : value)),
    ]),
  );
}

/** In an encoding of two bytes, with its mark. */
function utf16(text: string, littleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(2 + 2 * text.length));
  view.setUint16(0, 0xfeff, littleEndian);
  for (let at = 0; at < text.length; at++) {
    view.setUint16(2 + 2 * at, text.charCodeAt(at), littleEndian);
  }
  return new Uint8Array(view.buffer);
}

const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

describe("cells and records", () => {
  test("quoted cells may hold delimiters, quotes and line breaks", async () => {
    const table = await read('id,note\r\n1,"a, ""b""\nc"\r\n2,d\r\n');
    expect(plain(table)).toEqual({ id: [1, 2], note: ['a, "b"\nc', "d"] });
  });

  test("the table is the same however the bytes are cut into chunks", async () => {
    const text = 'id;note;x\r\n1;"ä ""b""\r\nc";1,5\r\n\r\n2;;-3e2\r\n3;"";NA';
    const whole = await read(text);
    for (const chunkBytes of [1, 2, 3, 5, 7]) {
      expect(await read(text, { chunkBytes })).toEqual(whole);
    }
    expect(plain(whole)).toEqual({
      id: [1, 2, 3],
      note: ['ä "b"\r\nc', null, null],
      x: [1.5, -300, null],
    });
  });

  test("a file of over one chunk is put together", async () => {
    const rows = Array.from({ length: 40_000 }, (_, row) => `${row},"text ${row % 7}",${row / 8}`);
    const table = await read(`a,b,c\n${rows.join("\n")}\n`, { chunkBytes: 65_536 });
    expect(table.rowCount).toBe(40_000);
    expect(getColumn(table, "a").values[39_999]).toBe(39_999);
    expect(getColumn(table, "b").values[39_999]).toBe("text 1");
    expect(getColumn(table, "c").values).toHaveLength(40_000);
  });

  test("lines that begin with the comment character are skipped", async () => {
    const table = await read("# made by hand\na,b\n1,2\n#3,4\n5,#6\n", { comment: "#" });
    expect(plain(table)).toEqual({ a: [1, 5], b: ["2", "#6"] });
  });

  test.each([
    ["too few cells", "a,b\n1,2\n3\n", "line 3"],
    ["too many cells", "a,b\n1,2,3\n", "line 2"],
    ["too few after a cell of several lines", 'a,b\n"x\ny",2\n3\n', "line 4"],
    ["a quote that is not closed", 'a,b\n1,2\n"3,4\n', "line 3"],
    ["text after a closing quote", 'a,b\n1,"2"x\n', "line 2"],
  ])("%s is an error that names the line", async (_case, text, line) => {
    await expect(read(text)).rejects.toMatchObject({ code: "file-corrupt" });
    await expect(read(text)).rejects.toThrow(line);
  });

  test("an empty file is an error", async () => {
    for (const text of ["", "\n\n", "\uFEFF"]) {
      await expect(read(text)).rejects.toMatchObject({ code: "value-missing" });
    }
  });

  test("binary files and NUL characters are refused", async () => {
    const binary = Uint8Array.from({ length: 400 }, (_, i) => 1 + ((i * 7) % 31));
    await expect(read(binary)).rejects.toMatchObject({ code: "format-unknown" });
    await expect(read("a,b\n1,x\0y\n")).rejects.toMatchObject({ code: "file-corrupt" });
    const late = `a\n${"x\n".repeat(200_000)}y\0\n`;
    await expect(read(late)).rejects.toThrow(/line 200002.*save it as UTF-8/);
  });

  test("a quote that swallows the rest of a large file is found", async () => {
    const text = `a,b\n1,"x\n${"1,2\n".repeat(5_000_000)}`;
    await expect(read(text)).rejects.toThrow(/line 2 is over 16 MB|never closed/);
  });

  test("work can be cancelled", async () => {
    const source = memorySource(new TextEncoder().encode("a\n1\n"));
    const reading = readCsv(source, {}, { signal: AbortSignal.abort() });
    await expect(reading).rejects.toMatchObject({ code: "cancelled" });
  });
});

describe("dialects", () => {
  test.each([
    ["semicolons and decimal commas", "a;b\n1,5;2\n-3,25;1e3\n", ";", ","],
    ["semicolons and decimal points", "a;b\n1.5;2\n-3.25;1e3\n", ";", "."],
    ["tabs", "a\tb\n1.5\t2\n-3.25\t1e3\n", "\t", "."],
    ["tabs and decimal commas", "a\tb\n1,5\t2\n-3,25\t1e3\n", "\t", ","],
    ["bars", "a|b\n1.5|2\n-3.25|1e3\n", "|", "."],
    ["Excel's own first line", "sep=;\r\na;b\r\n1,5;2\r\n-3,25;1e3\r\n", ";", ","],
    ["semicolons inside quotes", '"a","b"\n"1.5","2"\n"-3.25","1e3"\n', ",", "."],
  ])("%s are found", async (_case, text, delimiter, decimal) => {
    const table = await read(text);
    expect(table.dialect).toMatchObject({ delimiter, decimal });
    expect(plain(table)).toEqual({ a: [1.5, -3.25], b: [2, 1000] });
  });

  test("a number of commas in free text does not hide semicolons", async () => {
    const table = await read("id;note\n1;a, b, c\n2;d\n");
    expect(plain(table)).toEqual({ id: [1, 2], note: ["a, b, c", "d"] });
  });

  test("what is said in the options is not guessed", async () => {
    const table = await read("a;b\n1,5;2,5\n", { delimiter: ";", decimal: "." });
    expect(plain(table)).toEqual({ a: ["1,5"], b: ["2,5"] });
    await expect(read("a\n", { delimiter: "x" })).rejects.toMatchObject({ code: "bad-option" });
    await expect(read("a\n", { delimiter: ",", decimal: "," })).rejects.toMatchObject({
      code: "bad-option",
    });
  });

  test("lines are counted with Excel's own first line", async () => {
    await expect(read("sep=;\na;b\n1\n")).rejects.toThrow("line 3");
  });
});

describe("encodings", () => {
  const text = "näme;größe\nMüller;1,5\n東京;2\n";
  const expected = { näme: ["Müller", "東京"], größe: [1.5, 2] };

  test.each([
    ["UTF-8", new TextEncoder().encode(text), "utf-8"],
    ["UTF-8 with its mark", new TextEncoder().encode(`\uFEFF${text}`), "utf-8"],
    ["UTF-16, little-endian", utf16(text, true), "utf-16le"],
    ["UTF-16, big-endian", utf16(text, false), "utf-16be"],
  ])("%s", async (_case, bytes, encoding) => {
    for (const chunkBytes of [3, 4096]) {
      const table = await read(bytes, { chunkBytes });
      expect(plain(table)).toEqual(expected);
      expect(table.dialect.encoding).toBe(encoding);
      expect(table.notes).toEqual([]);
    }
  });

  test("bytes that are not UTF-8 are read as Windows-1252, and that is said", async () => {
    const table = await read(latin1("site,n\nK\xf6ln,1\n\x80,2\n"));
    expect(plain(table)).toEqual({ site: ["Köln", "€"], n: [1, 2] });
    expect(table.dialect.encoding).toBe("windows-1252");
    expect(table.notes[0]).toMatch(/Windows-1252.*save it as UTF-8\.$/);
  });

  test("names in Windows-1252 are read as the cells are", async () => {
    const table = await read(latin1("gr\xf6\xdfe,n\n1,2\n"));
    expect(plain(table)).toEqual({ größe: [1], n: [2] });
  });

  test("a UTF-8 mark leaves no doubt", async () => {
    await expect(read(latin1("\xef\xbb\xbfa\n\xe4\n"))).rejects.toThrow(
      /line 2 is not valid UTF-8.*Save the file as UTF-8/,
    );
  });

  test("two encodings in one file are an error", async () => {
    const bytes = Uint8Array.from([...new TextEncoder().encode("a\nä\n"), 0xe4, 10]);
    await expect(read(bytes)).rejects.toThrow(/line 3 is not valid UTF-8.*line 2/);
    await expect(read(latin1("a\n\xe4\n"), { encoding: "utf-8" })).rejects.toThrow("line 2");
  });
});

describe("names", () => {
  test("a matrix without names gets x1, x2, …, and that is said", async () => {
    const table = await read("1,2.5\n3,\n");
    expect(plain(table)).toEqual({ x1: [1, 3], x2: [2.5, null] });
    expect(table.dialect.header).toBe(false);
    expect(table.notes).toEqual([
      "The file has no line of names; the columns are called x1 to x2.",
    ]);
  });

  test("one line of numbers that are names is left to the caller", async () => {
    const table = await read("0.5,1.5\n3,4\n", { header: true });
    expect(plain(table)).toEqual({ "0.5": [3], "1.5": [4] });
  });

  test("a first line of values among text is mentioned", async () => {
    const table = await read("842302,M,17.99,10.38\n842517,M,20.57,17.77\n");
    expect(table.notes[0]).toMatch(/3 of its 4 cells are numbers/);
    const values = await read("842302,M,17.99\n842517,M,20.57\n", { header: false });
    expect(plain(values)).toEqual({ x1: [842302, 842517], x2: ["M", "M"], x3: [17.99, 20.57] });
  });

  test("repeated and empty names are made distinct, and that is said", async () => {
    const table = await read(",a,a\n0,1,2\n");
    expect(table.columns.map(({ name }) => name)).toEqual(["Unnamed: 0", "a", "a.1"]);
    expect(table.notes).toEqual([
      'Column 1 has no name; it is called "Unnamed: 0".',
      'Column 3 repeats the name "a"; it is called "a.1".',
    ]);
  });
});

describe("kinds of columns", () => {
  test("the spelling of numbers before the first text of a column is kept", async () => {
    const table = await read("value\n1.50\n2\n<0.01\n3.0\n");
    expect(getColumn(table, "value").values).toEqual(["1.50", "2", "<0.01", "3.0"]);
  });

  test("the rows before are read again only where a column changed after numbers", async () => {
    const bytes = new TextEncoder().encode("a,b\nx,1\ny,2\n");
    let taken = 0;
    const source: ByteSource = {
      ...memorySource(bytes),
      async read(offset, length) {
        if (offset > 0 || length > 3) taken += length;
        return bytes.subarray(offset, offset + length);
      },
    };
    await readCsv(source);
    expect(taken).toBe(bytes.length);
  });

  test("identifiers with leading zeros and beyond 2^53 are text", async () => {
    const table = await read("a,b,c\n12,9007199254740991,0\n007,9007199254740992,0.5\n");
    expect(plain(table)).toEqual({
      a: ["12", "007"],
      b: ["9007199254740991", "9007199254740992"],
      c: [0, 0.5],
    });
  });

  test("true and false in any usual case get one spelling, other words keep theirs", async () => {
    const table = await read("a,b\nTrue,TRUE\nfalse,yes\n,FALSE\n");
    expect(plain(table)).toEqual({ a: ["true", "false", null], b: ["TRUE", "yes", "FALSE"] });
  });

  test("the words for missing values can be given", async () => {
    const text = "a,b\n1,NA\n-999,x\n,y\n";
    expect(plain(await read(text, { missing: ["-999"] }))).toEqual({
      a: [1, null, null],
      b: ["NA", "x", "y"],
    });
  });

  test.each(["NA", "N/A", "NaN", "nan", "null", "None", "?", "-", ".", "", "  "])(
    "%j is missing, quoted or not",
    async (word) => {
      const table = await read(`a,b\n1,x\n${word},"${word}"\n`);
      expect(plain(table)).toEqual({ a: [1, null], b: ["x", null] });
    },
  );

  test("an empty word among those for missing values leaves zeros alone", async () => {
    expect(plain(await read("a\n0\n1\n", { missing: ["", "NA"] }))).toEqual({ a: [0, 1] });
  });

  test("leading zeros are numbers where numbers are asked for", async () => {
    expect(plain(await read("a\n007\n1\n", { types: { a: "number" } }))).toEqual({ a: [7, 1] });
  });

  test("kinds can be given by name", async () => {
    const table = await read("id,n\n1,2\n3,4\n", { types: { id: "text" } });
    expect(plain(await read("constructor\n1\n"))).toEqual({ constructor: [1] });
    expect(plain(table)).toEqual({ id: ["1", "3"], n: [2, 4] });
    const wrong = read("id,n\n1,2\n3,x\n", { types: { n: "number" } });
    await expect(wrong).rejects.toThrow(/"n".*"x" on line 3/);
    await expect(read("a\n1\n", { types: { b: "text" } })).rejects.toMatchObject({
      code: "bad-option",
    });
  });
});
