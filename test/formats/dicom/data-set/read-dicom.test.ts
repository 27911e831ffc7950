import { describe, expect, it } from "vitest";
import { type ByteSource, memorySource } from "../../../../src/base/index.ts";
import type { DataSet } from "../../../../src/formats/dicom/data-set/data-set.ts";
import {
  type DicomReadOptions,
  readDicom,
  readElementBytes,
} from "../../../../src/formats/dicom/data-set/read-dicom.ts";
import { isDicom } from "../../../../src/formats/dicom/data-set/recognise-dicom.ts";
import {
  element,
  has,
  number,
  numbers,
  sequence,
  text,
  texts,
} from "../../../../src/formats/dicom/data-set/values.ts";
import {
  bytesOf,
  explicit,
  ITEM,
  ITEM_END,
  implicit,
  part10,
  SEQUENCE_END,
  tagBytes,
  UNDEFINED,
  uint16,
  uint32,
} from "./raw-dicom.ts";

const EXPLICIT = "1.2.840.10008.1.2.1";
const IMPLICIT = "1.2.840.10008.1.2";
const ID = explicit(0x00100020, "LO", "ID");
const MODALITY = explicit(0x00080060, "CS", "CT");

const read = (bytes: Uint8Array, options?: DicomReadOptions) =>
  readDicom(memorySource(bytes, "a.dcm"), options);

describe("A DICOM file", () => {
  it.each<[string, Uint8Array, string, RegExp | undefined]>([
    ["with preamble and meta information", part10(EXPLICIT, MODALITY, ID), EXPLICIT, undefined],
    [
      "without preamble",
      part10(EXPLICIT, MODALITY, ID).subarray(132),
      EXPLICIT,
      /lacks the preamble/,
    ],
    [
      "with the mark and no preamble",
      part10(EXPLICIT, MODALITY, ID).subarray(128),
      EXPLICIT,
      undefined,
    ],
    [
      "without meta information, explicit",
      bytesOf(MODALITY, ID),
      EXPLICIT,
      /names no transfer syntax/,
    ],
    [
      "without meta information, implicit",
      bytesOf(implicit(0x00080060, "CT"), implicit(0x00100020, "ID")),
      IMPLICIT,
      /Implicit VR Little Endian/,
    ],
    [
      "without meta information, big endian",
      bytesOf(0, 8, 0, 0x60, "CS", 0, 2, "CT", 0, 0x10, 0, 0x20, "LO", 0, 2, "ID"),
      "1.2.840.10008.1.2.2",
      /Explicit VR Big Endian/,
    ],
    [
      "whose syntax is missing",
      part10(undefined, MODALITY, ID),
      EXPLICIT,
      /names no transfer syntax/,
    ],
    ["whose syntax is unknown", part10("1.2.3", MODALITY, ID), "1.2.3", /1\.2\.3 is unknown/],
    ["that is explicit but says implicit", part10(IMPLICIT, MODALITY, ID), EXPLICIT, /was read so/],
    [
      "that is implicit but says explicit",
      part10(EXPLICIT, implicit(0x00080060, "CT"), implicit(0x00100020, "ID")),
      IMPLICIT,
      /was read so/,
    ],
  ])("is read %s", async (_, bytes, syntax, note) => {
    expect(isDicom(bytes.subarray(0, 144))).toBe(true);
    const { dataSet, transferSyntax, notes } = await read(bytes);
    expect([text(dataSet, "Modality"), text(dataSet, "PatientID")]).toEqual(["CT", "ID"]);
    expect(transferSyntax).toBe(syntax);
    if (note) expect(notes.join("\n")).toMatch(note);
    else expect(notes).toEqual([]);
  });

  it.each([
    ["nothing", new Uint8Array(0)],
    ["zeros", new Uint8Array(200)],
    ["text", bytesOf("PatientID,Modality\n1,CT\n")],
    ["a PNG file", bytesOf("\x89PNG\r\n\x1a\n", new Uint8Array(200))],
  ])("is told from %s", async (_, bytes) => {
    expect(isDicom(bytes)).toBe(false);
    await expect(read(bytes)).rejects.toMatchObject({ code: "format-unknown" });
  });

  it("is refused where it ends within its header", async () => {
    const whole = part10(EXPLICIT, MODALITY, explicit(0x00100020, "LO", "A LONG ID."));
    await expect(read(whole.subarray(0, whole.length - 4))).rejects.toMatchObject({
      code: "file-truncated",
      message: expect.stringMatching(/10 bytes of \(0010,0020\) PatientID .* end of the file/),
    });
  });

  it("is read with a note where it ends within its pixels", async () => {
    const bytes = part10(EXPLICIT, MODALITY, explicit(0x7fe00010, "OW", new Uint8Array(8), 100));
    const { dataSet, notes } = await read(bytes);
    expect(element(dataSet, "PixelData")).toMatchObject({ kind: "left", length: 8 });
    expect(notes.join()).toMatch(/PixelData is cut off: 8 of 100 bytes/);
  });

  it("is read with a note where what follows the pixels is broken", async () => {
    const pixels = explicit(0x7fe00010, "OW", new Uint8Array(8));
    const { dataSet, notes } = await read(
      part10(EXPLICIT, MODALITY, pixels, explicit(0xfffcfffc, "OB", "", 1000)),
    );
    expect(has(dataSet, "PixelData")).toBe(true);
    expect(notes.join()).toMatch(/follows the pixel data/);
  });

  it("may end in zeros", async () => {
    const { dataSet, notes } = await read(
      bytesOf(part10(EXPLICIT, MODALITY, ID), new Uint8Array(100)),
    );
    expect(text(dataSet, "PatientID")).toBe("ID");
    expect(notes.join()).toMatch(/100 bytes of padding/);
  });

  it("is read up to a tag", async () => {
    const { dataSet } = await read(part10(EXPLICIT, MODALITY, ID), { until: 0x00100020 });
    expect([...dataSet.elements.keys()]).toEqual([0x00080060]);
  });
});

describe("Elements that are odd", () => {
  it.each<[string, Uint8Array]>([
    ["an unknown VR with a short length", bytesOf(tagBytes(0x00080070), "XX", uint16(2), "AB")],
    [
      "an unknown VR with a long length",
      bytesOf(tagBytes(0x00080070), "XX", 0, 0, uint32(2), "AB"),
    ],
    ["no VR at all", implicit(0x00080070, "AB")],
    ["a VR of zeros and a long length", bytesOf(tagBytes(0x00080070), 0, 0, 0, 0, uint32(2), "AB")],
    ["UN for a VR that is known", explicit(0x00080070, "UN", "AB")],
  ])("are read with the VR of the dictionary: %s", async (_, odd) => {
    const { dataSet } = await read(part10(EXPLICIT, MODALITY, odd, ID));
    expect(element(dataSet, 0x00080070)?.vr).toBe("LO");
    expect(texts(dataSet, 0x00080070)).toEqual(["AB"]);
    expect(text(dataSet, "PatientID")).toBe("ID");
  });

  it("in an unknown character set are read as Latin 1, with a note", async () => {
    const { dataSet, notes } = await read(
      part10(EXPLICIT, explicit(0x00080005, "CS", "WIN-1250"), explicit(0x00100020, "LO", "\xe9 ")),
    );
    expect(text(dataSet, "PatientID")).toBe("é");
    expect(notes).toEqual(['The character set "WIN-1250" is unknown; text is read as ISO 8859-1.']);
  });

  it("may have an odd length", async () => {
    const { dataSet } = await read(part10(EXPLICIT, explicit(0x00080060, "CS", "PET"), ID));
    expect([text(dataSet, "Modality"), text(dataSet, "PatientID")]).toEqual(["PET", "ID"]);
  });

  it("may be out of order and doubled; the last one counts", async () => {
    const again = explicit(0x00080060, "CS", "MR");
    const { dataSet, notes } = await read(part10(EXPLICIT, ID, MODALITY, again));
    expect(text(dataSet, "Modality")).toBe("MR");
    expect(notes.join()).toMatch(/occurs more than once/);
  });

  it("keep private tags and who made them", async () => {
    const bytes = part10(
      EXPLICIT,
      explicit(0x00090010, "LO", "MAKER "),
      explicit(0x00091001, "DS", "1.5 "),
    );
    const { dataSet } = await read(bytes);
    expect(text(dataSet, 0x00090010)).toBe("MAKER");
    expect(number(dataSet, 0x00091001)).toBe(1.5);
  });

  it("have US or SS by the pixel representation, also of the data set around", async () => {
    const minimum = implicit(0x00280106, uint16(0xfffb));
    const item = implicit(
      ITEM,
      implicit(0x00283002, bytesOf(uint16(2), uint16(0xfffe), uint16(16))),
    );
    const bytes = part10(
      IMPLICIT,
      implicit(0x00280103, uint16(1)),
      minimum,
      implicit(0x00283000, item),
    );
    const { dataSet } = await read(bytes);
    expect(number(dataSet, "SmallestImagePixelValue")).toBe(-5);
    const [table] = sequence(dataSet, "ModalityLUTSequence");
    expect(numbers(table, "LUTDescriptor")).toEqual([2, -2, 16]);
    const unsigned = await read(part10(IMPLICIT, implicit(0x00080060, "CT"), minimum));
    expect(number(unsigned.dataSet, "SmallestImagePixelValue")).toBe(0xfffb);
  });
});

describe("A sequence", () => {
  const inner = explicit(0x00081155, "UI", "1.2\0");
  const items = bytesOf(implicit(ITEM, inner), implicit(ITEM, ""));

  it.each<[string, Uint8Array]>([
    ["of known lengths", explicit(0x00081140, "SQ", items)],
    ["of undefined length", explicit(0x00081140, "SQ", bytesOf(items, SEQUENCE_END), UNDEFINED)],
    [
      "with items of undefined length",
      explicit(
        0x00081140,
        "SQ",
        bytesOf(
          implicit(ITEM, bytesOf(inner, ITEM_END), UNDEFINED),
          implicit(ITEM, ITEM_END, UNDEFINED),
          SEQUENCE_END,
        ),
        UNDEFINED,
      ),
    ],
    [
      "with items that have no end mark",
      explicit(
        0x00081140,
        "SQ",
        bytesOf(implicit(ITEM, inner, UNDEFINED), implicit(ITEM, "", UNDEFINED), SEQUENCE_END),
        UNDEFINED,
      ),
    ],
    [
      "hidden in UN of undefined length, implicit inside",
      explicit(
        0x00081140,
        "UN",
        bytesOf(implicit(ITEM, implicit(0x00081155, "1.2\0")), implicit(ITEM, ""), SEQUENCE_END),
        UNDEFINED,
      ),
    ],
    [
      "hidden in UN of known length, implicit inside",
      explicit(
        0x00081140,
        "UN",
        bytesOf(implicit(ITEM, implicit(0x00081155, "1.2\0")), implicit(ITEM, "")),
      ),
    ],
    [
      "hidden in UN, explicit inside against the standard",
      explicit(0x00081140, "UN", bytesOf(items, SEQUENCE_END), UNDEFINED),
    ],
    ["whose length forgets an item", explicit(0x00081140, "SQ", items, items.length - 12)],
  ])("is read %s", async (_, bytes) => {
    const { dataSet } = await read(part10(EXPLICIT, MODALITY, bytes, ID));
    const found = sequence(dataSet, "ReferencedImageSequence");
    expect(found.length).toBeGreaterThan(0);
    expect(text(found[0], "ReferencedSOPInstanceUID")).toBe("1.2");
    expect(text(dataSet, "PatientID")).toBe("ID");
  });

  it("is found where it is private and hidden in an implicit file or in UN", async () => {
    const content = implicit(
      ITEM,
      bytesOf(implicit(0x20050010, "MAKER "), implicit(0x00080060, "MR")),
    );
    for (const bytes of [
      part10(IMPLICIT, implicit(0x00080060, "MR"), implicit(0x2005140f, content)),
      part10(EXPLICIT, MODALITY, explicit(0x2005140f, "UN", content)),
    ]) {
      const { dataSet, notes } = await read(bytes);
      expect(sequence(dataSet, 0x2005140f).map((item) => text(item, "Modality"))).toEqual(["MR"]);
      expect(notes).toEqual([]);
    }
  });

  it("is not made up of private bytes that only begin like an item", async () => {
    const content = bytesOf(implicit(ITEM, implicit(0x00080060, "MR")), "tail");
    const { dataSet, notes } = await read(part10(EXPLICIT, explicit(0x2005140f, "UN", content)));
    expect(dataSet.elements.get(0x2005140f)).toMatchObject({ kind: "value", vr: "UN" });
    expect(notes).toEqual([]);
  });

  it("is kept as bytes, with a note, where its inside is broken", async () => {
    const broken = implicit(ITEM, bytesOf(tagBytes(0x00081155), "UI", uint16(500), "1.2\0"));
    const { dataSet, notes } = await read(part10(EXPLICIT, explicit(0x00081140, "SQ", broken), ID));
    expect(element(dataSet, "ReferencedImageSequence")).toMatchObject({ kind: "value", vr: "UN" });
    expect(text(dataSet, "PatientID")).toBe("ID");
    expect(notes.join()).toMatch(/ReferencedImageSequence is damaged/);
  });

  it("has the character sets of the data set around it, or its own", async () => {
    const own = bytesOf(
      explicit(0x00080005, "CS", "ISO_IR 144"),
      explicit(0x00100020, "LO", "\xbb "),
    );
    const bytes = part10(
      EXPLICIT,
      explicit(0x00080005, "CS", "ISO_IR 192"),
      explicit(
        0x00081140,
        "SQ",
        bytesOf(implicit(ITEM, own), implicit(ITEM, explicit(0x00100020, "LO", "\xc3\xa9"))),
      ),
    );
    const found = sequence((await read(bytes)).dataSet, "ReferencedImageSequence");
    expect(found.map((item) => text(item, "PatientID"))).toEqual(["Л", "é"]);
  });
});

describe("Numbers in text", () => {
  const dataSet = (value: string): DataSet => ({
    elements: new Map([
      [0x00280030, { kind: "value", tag: 0x00280030, vr: "DS", bytes: bytesOf(value) }],
    ]),
    littleEndian: true,
    characterSets: [],
  });

  it.each<[string, number[]]>([
    ["0.5\\0.25", [0.5, 0.25]],
    [" 1.5 \\+2e-1\0", [1.5, 0.2]],
    ["1,5", [1.5]],
    [".5\\5.", [0.5, 5]],
    ["", []],
    ["abc\\1", [Number.NaN, 1]],
    ["0x10\\Infinity", [Number.NaN, Number.NaN]],
    ["\\1", [Number.NaN, 1]],
  ])("are read as writers mean them: %j", (value, expected) => {
    expect(numbers(dataSet(value), "PixelSpacing")).toEqual(expected);
  });

  it("are missing where the first is none", () => {
    expect(number(dataSet("abc"), "PixelSpacing")).toBeUndefined();
    expect(number(dataSet(""), "PixelSpacing")).toBeUndefined();
  });
});

describe("A long file", () => {
  it("has its header read only", async () => {
    const head = part10(EXPLICIT, MODALITY, ID, explicit(0x7fe00010, "OW", "", 300_000_000));
    const { source, bytesRead } = sparseSource(head, 300_000_000);
    const { dataSet } = await readDicom(source);
    expect(element(dataSet, "PixelData")).toMatchObject({ kind: "left", length: 300_000_000 });
    expect(bytesRead()).toBeLessThanOrEqual(65536);
  });

  it("has long values in its header passed over, and what follows read", async () => {
    const pad = 5_000_000;
    const head = part10(EXPLICIT, MODALITY, explicit(0x00091001, "OB", "", pad));
    const { source, bytesRead } = sparseSource(
      head,
      pad,
      bytesOf(ID, explicit(0x00100030, "DA", "19990101")),
    );
    const { dataSet } = await readDicom(source, { longestValue: 1000 });
    expect(dataSet.elements.get(0x00091001)).toMatchObject({ kind: "left", length: pad });
    expect(text(dataSet, "PatientBirthDate")).toBe("19990101");
    expect(bytesRead()).toBeLessThan(200_000);
  });

  it("has the headers of its fragments read only", async () => {
    const count = 200;
    const length = 1_000_000;
    const starts = Array.from({ length: count }, (_, i) => i * (length + 8));
    const table = implicit(ITEM, bytesOf(...starts.map(uint32)));
    const head = part10(
      "1.2.840.10008.1.2.4.90",
      MODALITY,
      explicit(0x7fe00010, "OB", table, UNDEFINED),
    );
    const itemHead = implicit(ITEM, "", length);
    const { source, bytesRead } = fragmentSource(head, itemHead, count, length);
    const pixels = element((await readDicom(source)).dataSet, "PixelData");
    if (pixels?.kind !== "fragments") throw new Error("no fragments");
    expect(pixels.offsets).toEqual(starts);
    expect(pixels.fragments).toHaveLength(count);
    expect(pixels.fragments[1].offset - pixels.fragments[0].offset).toBe(length + 8);
    expect(bytesRead()).toBeLessThan(65536 + 2 * count * 1024);
  });

  it("lets go of bytes that no value needs, so that many headers fit into memory", async () => {
    const { dataSet } = await read(
      part10(EXPLICIT, ID, explicit(0x7fe00010, "OW", new Uint8Array(50_000))),
    );
    const id = element(dataSet, "PatientID");
    expect(id?.kind === "value" && id.bytes.buffer.byteLength).toBeLessThan(200);
  });

  it("gives the bytes of its values where they are wanted", async () => {
    const bytes = part10(EXPLICIT, ID, explicit(0x7fe00010, "OW", Uint8Array.of(1, 2, 3, 4)));
    const source = memorySource(bytes);
    const { dataSet } = await readDicom(source);
    const [id, pixels] = [...dataSet.elements.values()];
    expect([...(await readElementBytes(source, pixels))]).toEqual([1, 2, 3, 4]);
    expect([...(await readElementBytes(source, id))]).toEqual([0x49, 0x44]);
  });

  it("has sequences longer than a chunk read whole", async () => {
    const item = implicit(ITEM, explicit(0x00081155, "UI", "1.2\0"));
    const items = bytesOf(...Array.from({ length: 20_000 }, () => item), SEQUENCE_END);
    const { dataSet } = await read(
      part10(EXPLICIT, explicit(0x00081140, "SQ", items, UNDEFINED), ID),
    );
    expect(sequence(dataSet, "ReferencedImageSequence")).toHaveLength(20_000);
    expect(text(dataSet, "PatientID")).toBe("ID");
  });
});

/** `head`, then zeros, then `tail`, without the memory; counts what is read. */
function sparseSource(head: Uint8Array, zeros: number, tail: Uint8Array = new Uint8Array(0)) {
  return countedSource(head.length + zeros + tail.length, (at) => {
    if (at < head.length) return head[at];
    return at < head.length + zeros ? 0 : tail[at - head.length - zeros];
  });
}

/** Pixel data of many long fragments, all zeros. */
function fragmentSource(head: Uint8Array, itemHead: Uint8Array, count: number, length: number) {
  const bodyEnd = head.length + count * (length + 8);
  return countedSource(bodyEnd + 8, (at) => {
    if (at < head.length) return head[at];
    if (at >= bodyEnd) return SEQUENCE_END[at - bodyEnd];
    const within = (at - head.length) % (length + 8);
    return within < 8 ? itemHead[within] : 0;
  });
}

function countedSource(byteLength: number, byteAt: (at: number) => number) {
  let total = 0;
  const source: ByteSource = {
    name: "sparse.dcm",
    byteLength,
    async read(offset, length) {
      total += length;
      return Uint8Array.from({ length }, (_, i) => byteAt(offset + i));
    },
    async readInto(offset, target) {
      target.set(await source.read(offset, target.length));
    },
    async close() {},
  };
  return { source, bytesRead: () => total };
}
