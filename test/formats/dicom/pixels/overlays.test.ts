// Overlays of their own data and in unused bits.

import { describe, expect, it } from "vitest";
import { readFrames } from "../../../../src/formats/dicom/pixels/frames.ts";
import { readOverlays } from "../../../../src/formats/dicom/pixels/overlays.ts";
import { BIG_ENDIAN, EXPLICIT, madeFile } from "./made-file.ts";

const head = {
  1610743824: 2,
  1610743825: 5,
  1610743872: "R",
  1610743888: [-1, 3],
  1610749184: "A",
};

describe("Overlays", () => {
  it.each([
    [EXPLICIT, Uint8Array.of(0b0101_0011, 0b11)],
    [BIG_ENDIAN, Uint8Array.of(0b11, 0b0101_0011)],
  ])("unfold their bits, lowest first (%s)", async (syntax, bytes) => {
    const { file, source } = madeFile(
      { ...head, 1610756096: bytes },
      { syntax, bytes: new Uint8Array(1) },
    );
    expect(await readOverlays(source, file)).toEqual([
      {
        group: 0x6002,
        rows: 2,
        columns: 5,
        frames: 1,
        firstImageFrame: 0,
        origin: [-2, 2],
        kind: "region of interest",
        label: "A",
        data: Uint8Array.of(1, 1, 0, 0, 1, 0, 1, 0, 1, 1),
      },
    ]);
  });

  it("of several frames follow each other without padding", async () => {
    const { file, source } = madeFile(
      {
        1610612752: 1,
        1610612753: 3,
        1610612757: 3,
        1610612817: 2,
        1610625024: Uint8Array.of(0b1010_0110, 1),
      },
      { bytes: new Uint8Array(1) },
    );
    const [overlay] = await readOverlays(source, file);
    expect(overlay).toMatchObject({
      frames: 3,
      firstImageFrame: 1,
      data: Uint8Array.of(0, 1, 1, 0, 0, 1, 0, 1, 1),
    });
  });

  it("in unused bits are taken out of the pixels, and the pixels do without them", async () => {
    const { file, source } = madeFile(
      {
        2621457: 2,
        2621696: 16,
        2621697: 12,
        2621698: 11,
        1610612752: 1,
        1610612753: 2,
        1610612992: 16,
        1610612994: 12,
      },
      { bytes: new Uint8Array(Uint16Array.of(0x1fff, 0x0123).buffer) },
    );
    const [overlay] = await readOverlays(source, file);
    expect(overlay.data).toEqual(Uint8Array.of(1, 0));
    expect((await readFrames(source, file)).data).toEqual(Uint16Array.of(0xfff, 0x123));
  });

  it("with too few bits are refused", async () => {
    const { file, source } = madeFile(
      { ...head, 1610756096: Uint8Array.of(1) },
      { bytes: new Uint8Array(1) },
    );
    await expect(readOverlays(source, file)).rejects.toThrow(/10 bits in overlay 6002.*found 8/);
  });

  it("are none where the file has none", async () => {
    const { file, source } = madeFile({}, { bytes: new Uint8Array(1) });
    expect(await readOverlays(source, file)).toEqual([]);
  });
});
