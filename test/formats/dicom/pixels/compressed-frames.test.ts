// Compressed frames of every transfer syntax, made by the encoders of dcmjs-codecs and by plain ones of our own.

import dcmjs from "dcmjs-codecs";
import { beforeAll, describe, expect, it } from "vitest";
import { makeVoxels, type VoxelArray } from "../../../../src/base/index.ts";
import { openDecoder } from "../../../../src/formats/dicom/pixels/decoder.ts";
import { describePixels, frameValues } from "../../../../src/formats/dicom/pixels/description.ts";
import { readFrames } from "../../../../src/formats/dicom/pixels/frames.ts";
import {
  COLUMNS,
  context,
  KINDS,
  type Kind,
  LOSSLESS,
  LOSSY,
  picture,
  ROWS,
  UID,
} from "./encoded-frames.ts";
import { type Attributes, madeFile } from "./made-file.ts";

beforeAll(() => dcmjs.NativeCodecs.initializeAsync());

function attributesOf(kind: Kind, frames = 1): Attributes {
  return {
    2621442: kind.samples,
    2621444: kind.samples === 3 ? "RGB" : "MONOCHROME2",
    2621446: 0,
    2621448: frames,
    2621456: ROWS,
    2621457: COLUMNS,
    2621696: kind.bitsAllocated,
    2621697: kind.bitsStored,
    2621698: kind.bitsStored - 1,
    2621699: kind.signed ? 1 : 0,
  };
}

const cases = Object.entries(LOSSLESS).flatMap(([name, { syntaxes, encode }]) =>
  syntaxes.flatMap((syntax) =>
    Object.entries(KINDS).map(([kind, form]) => ({ name, syntax, kind, form, encode })),
  ),
);

describe("A lossless frame comes back to the bit", () => {
  it.each(cases)("$name $syntax, $kind", async ({ syntax, form, encode }) => {
    const values = picture(form);
    const { file, source } = madeFile(attributesOf(form), {
      syntax: UID + syntax,
      fragments: [encode(values, form)],
    });
    const { data, description } = await readFrames(source, file, { threads: 1 });
    expect(description.type).toBe(values.constructor.name.replace("Array", "").toLowerCase());
    expect(Array.from(data)).toEqual(Array.from(values));
  });
});

describe("A lossy frame comes back nearly", () => {
  it.each(LOSSY)("%s", async (syntax, kind, encode) => {
    const values = picture(kind);
    const encoded = encode(values, kind);
    const { file, source } = madeFile(attributesOf(kind), {
      syntax: UID + syntax,
      fragments: [encoded],
    });
    const { data } = await readFrames(source, file, { threads: 1 });
    const mean =
      Array.from(data).reduce((sum, value, at) => sum + Math.abs(value - values[at]), 0) /
      data.length;
    expect(mean).toBeLessThan(2 ** kind.bitsStored * 0.02);
  });
});

describe("A codestream of another depth than the data set says", () => {
  const narrow = KINDS["8-bit grey"];
  const wide = KINDS["12-bit grey"];
  const names = ["lossless JPEG", "JPEG-LS", "JPEG 2000", "HTJ2K"];

  it.each(names)("is read where the cells are wider: %s", async (name) => {
    const values = picture(narrow);
    const { syntaxes, encode } = LOSSLESS[name];
    const { file, source } = madeFile(attributesOf(wide), {
      syntax: UID + syntaxes[0],
      fragments: [encode(values, narrow)],
    });
    const { data, notes } = await readFrames(source, file, { threads: 1 });
    expect(Array.from(data)).toEqual(Array.from(values));
    expect(notes.join()).toMatch(/samples of 8 bits, the data set says 12/);
  });

  it.each(names)("is refused where the cells are too narrow: %s", async (name) => {
    const { syntaxes, encode } = LOSSLESS[name];
    const { file, source } = madeFile(attributesOf(narrow), {
      syntax: UID + syntaxes[0],
      fragments: [encode(picture(wide), wide)],
    });
    await expect(readFrames(source, file, { threads: 1 })).rejects.toThrow(/at most 8 bits/);
  });
});

describe("Frames are found among fragments", () => {
  const kind = KINDS["12-bit grey"];
  const pictures = [1, 2, 3].map((seed) => picture(kind, seed));
  const all = pictures.flatMap((values) => Array.from(values));
  let encoded: Uint8Array[];
  beforeAll(() => {
    encoded = pictures.map((values) => LOSSLESS["JPEG-LS"].encode(values, kind));
  });

  const halves = (whole: Uint8Array) => {
    const middle = (whole.length >> 2) * 2;
    return [whole.subarray(0, middle), whole.subarray(middle)];
  };
  const starts = (parts: readonly Uint8Array[], each: number) => {
    const offsets: number[] = [];
    let at = 0;
    for (const [index, part] of parts.entries()) {
      if (index % each === 0) offsets.push(at);
      at += 8 + part.length;
    }
    return offsets;
  };
  const join = (parts: readonly Uint8Array[]) => {
    const bytes: number[] = [];
    for (const part of parts) bytes.push(...part);
    return Uint8Array.from(bytes);
  };
  const offsetTable = (numbers: readonly number[]) =>
    new Uint8Array(BigUint64Array.from(numbers, BigInt).buffer);

  it.each<[string, () => Parameters<typeof madeFile>[1], () => Attributes]>([
    ["one each, without a table", () => ({ fragments: encoded }), () => ({})],
    [
      "two each, by the basic offset table",
      () => {
        const fragments = encoded.flatMap(halves);
        return { fragments, offsets: starts(fragments, 2) };
      },
      () => ({}),
    ],
    ["two each, by their first bytes", () => ({ fragments: encoded.flatMap(halves) }), () => ({})],
    [
      "two each, by their first bytes where the table is wrong",
      () => ({ fragments: encoded.flatMap(halves), offsets: [0, 7, 9] }),
      () => ({}),
    ],
    ["all in one fragment", () => ({ fragments: [join(encoded)] }), () => ({})],
    [
      "with an empty one at the end",
      () => ({ fragments: [...encoded, new Uint8Array(0)] }),
      () => ({}),
    ],
    [
      "by the extended offset table",
      () => ({ fragments: encoded }),
      () => ({
        2145386497: offsetTable(starts(encoded, 1)),
        2145386498: offsetTable(encoded.map(({ length }) => length)),
      }),
    ],
  ])("%s", async (_, pixels, more) => {
    const { file, source } = madeFile(
      { ...attributesOf(kind, 3), ...more() },
      { syntax: `${UID}.4.80`, ...pixels() },
    );
    const { data } = await readFrames(source, file, { threads: 2 });
    expect(Array.from(data)).toEqual(all);
  });

  it("and refused where they can't be told apart", async () => {
    const fragments = encoded.flatMap((one) => halves(one)).slice(0, 5);
    const { file, source } = madeFile(attributesOf(kind, 2), { syntax: `${UID}.5`, fragments });
    await expect(readFrames(source, file)).rejects.toThrow(/5 fragments that can't be told apart/);
  });
});

describe("A decoder", () => {
  const kind = KINDS["16-bit signed grey"];

  it("fills a shared volume from many files at once, whatever the number of threads", async () => {
    const pictures = Array.from({ length: 12 }, (_, seed) => picture(kind, seed + 1));
    const made = pictures.map((values) =>
      madeFile(attributesOf(kind), {
        syntax: `${UID}.4.90`,
        fragments: [LOSSLESS["JPEG 2000"].encode(values, kind)],
      }),
    );
    const size = ROWS * COLUMNS;
    for (const threads of [1, 3]) {
      const target = makeVoxels("int16", size * 12, { shared: true });
      const decoder = openDecoder({ threads });
      await Promise.all(
        made.map(({ file, source }, index) => {
          const description = describePixels(file);
          expect(frameValues(description)).toBe(size);
          return decoder.decode({ source, description, frame: 0, target, offset: index * size });
        }),
      );
      await decoder.close();
      expect(Array.from(target)).toEqual(pictures.flatMap((values) => Array.from(values)));
    }
  });

  it("fills memory that is not shared as well", async () => {
    const values = picture(kind);
    const { file, source } = madeFile(attributesOf(kind), {
      syntax: `${UID}.4.70`,
      fragments: [LOSSLESS["lossless JPEG"].encode(values, kind)],
    });
    const target = new Int16Array(values.length + 1);
    const decoder = openDecoder({ threads: 1 });
    await decoder.decode({
      source,
      description: describePixels(file),
      frame: 0,
      target,
      offset: 1,
    });
    await decoder.close();
    expect(target.subarray(1)).toEqual(values);
  });

  it("refuses an array of another type or too short", async () => {
    const { file, source } = madeFile(attributesOf(kind), { bytes: new Uint8Array(960) });
    const description = describePixels(file);
    const decoder = openDecoder();
    const into = (target: VoxelArray) =>
      decoder.decode({ source, description, frame: 0, target, offset: 0 });
    await expect(into(new Uint16Array(480))).rejects.toThrow(/480 values of int16/);
    await expect(into(new Int16Array(479))).rejects.toThrow(/found 479/);
  });

  it("stops when it is told to, and says so", async () => {
    const stop = new AbortController();
    const { file, source } = madeFile(attributesOf(kind), {
      syntax: `${UID}.4.90`,
      fragments: [LOSSLESS["JPEG 2000"].encode(picture(kind), kind)],
    });
    stop.abort();
    const reading = readFrames(source, file, { signal: stop.signal });
    await expect(reading).rejects.toMatchObject({ code: "cancelled" });
  });

  it("ends a frame that takes too long, names it, and decodes the next one", async () => {
    const small = picture(kind);
    const large = new Int16Array(1024 * 1024);
    for (let at = 0; at < large.length; at++) large[at] = small[(at * 7) % small.length];
    const encode = (values: VoxelArray, width: number) =>
      dcmjs.NativeCodecs.encodeJpeg2000(context(values, kind, width), {}).getEncodedBuffer()!;
    const of = (values: VoxelArray, width: number) =>
      madeFile(
        { ...attributesOf(kind), 2621456: values.length / width, 2621457: width },
        { syntax: `${UID}.4.90`, fragments: [encode(values, width)] },
      );
    const slow = of(large, 1024);
    const options = { threads: 1, secondsPerFrame: 0.002 };
    const late = readFrames(slow.source, slow.file, options);
    await expect(late).rejects.toThrow(/made\.dcm.*took more than 0\.002 s/);
    const quick = of(small, COLUMNS);
    const { data } = await readFrames(quick.source, quick.file, { threads: 1 });
    expect(Array.from(data)).toEqual(Array.from(small));
  });
});
