import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { DataSet } from "../../../../src/formats/dicom/data-set/data-set.ts";
import { decodeText } from "../../../../src/formats/dicom/data-set/decode-text.ts";
import { parsePersonName, showName } from "../../../../src/formats/dicom/data-set/person-name.ts";
import { texts } from "../../../../src/formats/dicom/data-set/values.ts";
import { DICOM_DATA, hasDicomData, readFile, unlessAbsent } from "./dicom-data.ts";

/** Bytes of "a", "\xe4" and "\u{1b}$B" as they are written. */
function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

describe("Text of a value", () => {
  // PS3.5 annexes H, I, J and K, and tables C.12-2 to C.12-5 of PS3.3.
  it.each<[string, string[], string, string, string]>([
    ["the default repertoire", [], "LO", "plain", "plain"],
    ["Latin 1", ["ISO_IR 100"], "PN", "Buc^J\xe9r\xf4me", "Buc^Jérôme"],
    ["Latin 1 beyond windows-1252", ["ISO_IR 100"], "LO", "\x80\x9f", "\u0080\u009f"],
    ["Latin 2", ["ISO_IR 101"], "LO", "\xb1\xe6", "ąć"],
    ["Latin 3", ["ISO_IR 109"], "LO", "\xa6\xd8", "ĤĜ"],
    ["Latin 4", ["ISO_IR 110"], "LO", "\xa2\xbe", "ĸž"],
    ["Cyrillic", ["ISO_IR 144"], "LO", "\xbb\xee", "Лю"],
    ["Arabic", ["ISO_IR 127"], "LO", "\xe2\xc8", "قب"],
    ["Greek", ["ISO_IR 126"], "LO", "\xc4\xe9", "Δι"],
    ["Hebrew", ["ISO_IR 138"], "LO", "\xf9\xe8", "שט"],
    ["Latin 5", ["ISO_IR 148"], "LO", "\xdd\xfd", "İı"],
    ["Latin 9", ["ISO_IR 203"], "LO", "\xa4", "€"],
    ["Thai", ["ISO_IR 166"], "LO", "\xa1\xc3", "กร"],
    ["half-width Katakana", ["ISO_IR 13"], "PN", "\xd4\xcf\xc0\xde", "ﾔﾏﾀﾞ"],
    ["UTF-8", ["ISO_IR 192"], "LO", "\xe7\x8e\x8b", "王"],
    ["GB18030", ["GB18030"], "LO", "\xcd\xf5", "王"],
    ["GBK whose second byte is a backslash", ["GBK"], "LO", "\x81\x5c", "乗"],
    ["a misspelt term", ["ISO-IR 100"], "LO", "\xe9", "é"],
    ["an unknown term as Latin 1", ["WIN-1250"], "LO", "\xe9", "é"],
    [
      "JIS X 0208 after escapes, with \\ and ^ as halves of characters",
      ["", "ISO 2022 IR 87"],
      "PN",
      "\x1b$B3\x5c\x3d\x5e\x1b(B^a",
      "確書^a".replace("確", decodePair(0x33, 0x5c)).replace("書", decodePair(0x3d, 0x5e)),
    ],
    ["JIS X 0212", ["", "ISO 2022 IR 159"], "LO", "\x1b$(D\x30\x21\x1b(B", "丂"],
    ["Korean", ["", "ISO 2022 IR 149"], "PN", "\x1b$)C\xb1\xe8^\x1b$)C\xc8\xf1", "김^희"],
    [
      "Korean that is escaped once",
      ["", "ISO 2022 IR 149"],
      "PN",
      "\x1b$)C\xb1\xe8^\xc8\xf1",
      "김^희",
    ],
    ["simplified Chinese", ["", "ISO 2022 IR 58"], "LO", "\x1b$)A\xcd\xf5", "王"],
    [
      "a return to the first set at a delimiter",
      ["ISO 2022 IR 100", "ISO 2022 IR 144"],
      "PN",
      "\x1b-L\xbb^\xe9",
      "Л^é",
    ],
    [
      "text after an escape and a new line",
      ["ISO 2022 IR 100", "ISO 2022 IR 126"],
      "LT",
      "\x1b-F\xc4\r\n\xe9",
      "Δ\r\né",
    ],
  ])("is decoded: %s", (_, terms, vr, bytes, expected) => {
    expect(decodeText(bytesOf(bytes), terms, vr)).toBe(expected);
  });

  it("keeps a backslash apart from the second byte of a character", () => {
    const dataSet: DataSet = {
      elements: new Map([
        [0x00081030, { kind: "value", tag: 0x00081030, vr: "LO", bytes: bytesOf("\x81\x5c\\b ") }],
      ]),
      littleEndian: true,
      characterSets: ["GBK"],
    };
    expect(texts(dataSet, "StudyDescription")).toEqual(["乗", "b"]);
  });

  it("becomes U+FFFD where bytes mean nothing", () => {
    expect(decodeText(bytesOf("\xff\xfe"), ["ISO_IR 192"], "LO")).toBe("\ufffd\ufffd");
    expect(decodeText(bytesOf("\x1b$B!"), ["", "ISO 2022 IR 87"], "LO")).toBe("\ufffd");
  });
});

describe.skipIf(!hasDicomData)(`Text of real files${unlessAbsent}`, () => {
  const { files } = JSON.parse(
    readFileSync(join(import.meta.dirname, "expected/character-sets.json"), "utf8"),
  ) as { files: Record<string, Record<string, string[]>> };

  it.each(Object.entries(files))("is that of pydicom: %s", async (name, expected) => {
    const { dataSet } = await readFile(join(DICOM_DATA, "pydicom/charset_files", name));
    for (const [path, values] of Object.entries(expected)) {
      expect(textsAt(dataSet, path.split("/")), path).toEqual(values);
    }
  });
});

describe("A person's name", () => {
  it("has groups of components", () => {
    const { alphabetic, ideographic, phonetic } = parsePersonName(
      "Yamada^Tarou=山田^太郎=やまだ^たろう",
    );
    expect(alphabetic?.family).toBe("Yamada");
    expect(ideographic).toMatchObject({ family: "山田", given: "太郎", suffix: "" });
    expect(phonetic?.given).toBe("たろう");
  });

  it("leaves out groups that are empty", () => {
    expect(Object.keys(parsePersonName("=山田"))).toEqual(["ideographic"]);
    expect(parsePersonName("^^^^")).toEqual({});
  });

  it("is shown as people write it", () => {
    const { alphabetic } = parsePersonName("Adams^John Robert Quincy^^Rev.^B.A. M.Div.");
    expect(alphabetic && showName(alphabetic)).toBe("Rev. John Robert Quincy Adams, B.A. M.Div.");
  });
});

function textsAt(dataSet: DataSet, [tag, index, ...rest]: string[]): readonly string[] {
  const number = Number.parseInt(tag, 16);
  if (index === undefined) return texts(dataSet, number);
  const found = dataSet.elements.get(number);
  if (found?.kind !== "sequence") return [];
  return textsAt(found.items[Number(index)], rest);
}

function decodePair(high: number, low: number): string {
  return new TextDecoder("euc-jp").decode(Uint8Array.of(high | 0x80, low | 0x80));
}
