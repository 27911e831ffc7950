import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memorySource, RoentgenError } from "../../../src/base/index.ts";
import { readPytorch, writeZip } from "../../../src/formats/index.ts";
import { readPickle } from "../../../src/formats/pickle/read-pickle.ts";

/** Bytes of a pickle: text in Latin-1 and numbers. */
function pickle(...parts: (string | number)[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === "number" ? [part] : [...part].map((character) => character.charCodeAt(0)),
    ),
  );
}

const read = (...parts: (string | number)[]) => readPickle(pickle(...parts), "a pickle").value;

describe("a pickle", () => {
  // What CPython's pickle.dumps writes for these values, protocols 0 to 5.
  it.each<[string, Uint8Array, unknown]>([
    ["0: (1, True, 2.5, 'x')", pickle("(I1\nI01\nF2.5\nVx\np0\ntp1\n."), [1, true, 2.5, "x"]],
    ["1: (300, -1)", pickle("(M", 0x2c, 1, "J", 255, 255, 255, 255, "tq", 0, "."), [300, -1]],
    ["2: 2**64", pickle(0x80, 2, 0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1, "."), 2n ** 64n],
    ["2: -129", pickle(0x80, 2, 0x8a, 2, 0x7f, 0xff, "."), -129],
    ["3: b'ab'", pickle(0x80, 3, "C", 2, "abq", 0, "."), Uint8Array.of(97, 98)],
    ["4: 'é'", pickle(0x80, 4, 0x95, 6, 0, 0, 0, 0, 0, 0, 0, 0x8c, 2, 0xc3, 0xa9, 0x94, "."), "é"],
    ["5: bytearray", pickle(0x80, 5, 0x96, 1, 0, 0, 0, 0, 0, 0, 0, 7, 0x94, "."), Uint8Array.of(7)],
  ])("of protocol %s is its value", (_, bytes, expected) => {
    const { value, end } = readPickle(bytes, "a pickle");
    const plain = Array.isArray(expected) ? { kind: "tuple", items: expected } : expected;
    expect(value).toEqual(plain);
    expect(end).toBe(bytes.length);
  });

  it("writes a call down and makes none", () => {
    // os.system("rm -rf /"), as an attacker would have it.
    expect(read("cposix\nsystem\n(Vrm -rf /\ntR.")).toMatchObject({
      kind: "object",
      callable: { kind: "global", name: "posix.system" },
      args: ["rm -rf /"],
    });
  });

  it.each<[string, Uint8Array, RegExp]>([
    ["an extension code", pickle(0x80, 2, 0x82, 1, "."), /extension registry/],
    ["a buffer outside", pickle(0x80, 5, 0x97, "."), /buffer outside/],
    ["a newer protocol", pickle(0x80, 6, "N."), /protocol 6/],
    ["an unknown operation", pickle(0x80, 2, 0xff, "."), /0xff/],
    ["an empty stack", pickle("."), /value on the stack/],
    ["a pop below a mark", pickle("N(R."), /value on the stack/],
    ["a memo without the value", pickle("h", 3, "."), /number 3/],
    ["a string beyond the end", pickle("X", 255, 255, 255, 255, "a"), /4294967295 more bytes/],
    ["an integer of a kilobyte", pickle(0x8b, 0, 4, 0, 0, "\0".repeat(1024), "."), /64 bytes/],
    ["an odd number of items", pickle("}(Nu."), /keys with their values/],
    ["items of a number", pickle("K", 1, "(Ne."), /list or set/],
  ])("with %s is refused", (_, bytes, message) => {
    expect(() => readPickle(bytes, "a pickle")).toThrow(message);
    expect(() => readPickle(bytes, "a pickle")).toThrow(RoentgenError);
  });

  it("of six million operations is refused in a second", () => {
    const bytes = new Uint8Array(6_000_000).fill(0x5d);
    expect(() => readPickle(bytes, "a pickle")).toThrow(/operations/);
  });

  it("made of random operations reads or fails in words", () => {
    const codes = [..."(.)012BCFGIJKLMNPQRSTUVX]abcdeghijloprstu}"].map((c) => c.charCodeAt(0));
    const later = Array.from({ length: 0x97 - 0x80 }, (_, at) => 0x80 + at);
    const byte = fc.oneof(
      fc.constantFrom(...codes, ...later),
      fc.constantFrom(0, 1, 2),
      fc.integer({ min: 0, max: 255 }),
    );
    const property = fc.property(fc.array(byte, { maxLength: 300 }), (bytes) => {
      try {
        readPickle(Uint8Array.from(bytes), "a pickle");
      } catch (error) {
        if (!(error instanceof RoentgenError)) throw error;
      }
    });
    fc.assert(property, { numRuns: Number(process.env.FUZZ_RUNS ?? 60) * 20 });
  });
});

describe("a checkpoint made to harm", () => {
  const archive = (...parts: (string | number)[]) =>
    memorySource(writeZip({ "x/data.pkl": pickle(...parts) }), "x.pth");

  it("holds lists that hold one another twice, 60 deep: refused, not walked 2⁶⁰ times", async () => {
    // Each list holds the one before twice: by the memo, 12 bytes each.
    const doubled = Array.from({ length: 60 }, (_, at) => ["]q", at + 1, "(h", at, "h", at, "e"]);
    const source = archive("]q", 0, ...doubled.flat(), ".");
    await expect(readPytorch(source)).rejects.toThrow(/2,000,000 in number/);
  });

  it("holds a list that holds itself: refused", async () => {
    await expect(readPytorch(archive("]q", 0, "h", 0, "a."))).rejects.toThrow(/64 deep/);
  });

  it("asks for code to make a tensor: refused, naming it", async () => {
    const rebuilt = "ctorch._utils\n_rebuild_tensor_v2\n((cevil\nstorage\n)RK\0))tR.";
    await expect(readPytorch(archive(rebuilt.replace("((c", "(c")))).rejects.toThrow(
      /evil\.storage, which is not executed/,
    );
  });

  it("has a tensor that reaches beyond its storage, or is expanded beyond all memory: refused", async () => {
    const tensorOf = (shape: string, stride: string) =>
      archive(
        "ctorch._utils\n_rebuild_tensor_v2\n(",
        "(Vstorage\nctorch\nFloatStorage\nV0\nVcpu\nK",
        4,
        "tQK",
        0,
        `${shape}${stride}tR.`,
      );
    const wide = `J${String.fromCharCode(0, 0, 0, 0x40)}`;
    await expect(readPytorch(tensorOf("(K\x05t", "(K\x01t"))).rejects.toThrow(
      /within their storage/,
    );
    await expect(readPytorch(tensorOf(`(${wide}t`, "(K\0t"))).rejects.toThrow(
      /within their storage/,
    );
  });
});
