import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type ColourMap, inputPicture, mapOf, mosaic, overlay } from "../../src/explain/index.ts";
import type { Picture } from "../../src/imaging/index.ts";

const known: Record<ColourMap, string> = JSON.parse(
  readFileSync(new URL("expected/colour-maps.json", import.meta.url), "utf8"),
);
const bytesOf = (digits: string) => Uint8Array.from(Buffer.from(digits, "hex"));

describe("An overlay", () => {
  const black = { width: 256, height: 1, channels: 1, data: new Uint8Array(256) } as const;
  const ramp = {
    width: 256,
    height: 1,
    data: Float32Array.from({ length: 256 }, (_, at) => at / 255),
  };

  it.each(["inferno", "viridis", "turbo"] as const)("has matplotlib's colours: %s", (colours) => {
    const expected = bytesOf(known[colours]);
    const picture = { width: 1, height: 256, channels: 1, data: new Uint8Array(256) } as const;
    const none = { width: 1, height: 256, data: new Float32Array(256) };
    const { width, data } = overlay(none, picture, { colours, bar: true });
    for (let step = 0; step < 256; step++) {
      const shown = data.subarray(((256 - step) * width - 1) * 3, (256 - step) * width * 3);
      for (const [channel, value] of shown.entries()) {
        expect(Math.abs(value - expected[3 * step + channel])).toBeLessThanOrEqual(2);
      }
    }
  });

  it("leaves the picture where nothing speaks for the class", () => {
    const data = Uint8Array.from({ length: 12 }, (_, at) => 20 * at);
    const picture = { width: 2, height: 2, channels: 3, data } as const;
    const none = { width: 2, height: 2, data: new Float32Array(4) };
    expect(overlay(none, picture)).toEqual(picture);
    const grey = { width: 2, height: 2, channels: 1, data: data.subarray(0, 4) } as const;
    expect([...overlay(none, grey).data]).toEqual([0, 0, 0, 20, 20, 20, 40, 40, 40, 60, 60, 60]);
  });

  it("grows lighter with the evidence, and with the opacity", () => {
    const sums = ({ data }: { data: Uint8Array }) =>
      Array.from({ length: 256 }, (_, at) => data[3 * at] + data[3 * at + 1] + data[3 * at + 2]);
    const shades = sums(overlay(ramp, black));
    expect(shades.every((shade, at) => at === 0 || shade >= shades[at - 1])).toBe(true);
    const weak = sums(overlay(ramp, black, { opacity: 0.2 }));
    expect(weak[255]).toBeLessThan(shades[255]);
  });

  it("refuses an opacity that is no part, and a slice that is not there", () => {
    const picture: Picture = { width: 2, height: 2, channels: 1, data: new Uint8Array(4) };
    const map = { width: 2, height: 2, data: new Float32Array(4) };
    expect(() => overlay(map, picture, { opacity: 1.5 })).toThrow(/opacity.*at most 1|1\.5/);
    const volumes = { shape: [1, 2, 2, 2], maps: new Float32Array(8) };
    expect(() => mapOf(volumes, 0, { slice: 2 })).toThrow(/image 0, slice 2/);
    expect(() => mapOf(volumes, 1)).toThrow(/image 1/);
  });

  it("puts the colours beside the picture where a bar is asked for", () => {
    const picture = { width: 3, height: 5, channels: 1, data: new Uint8Array(15).fill(9) } as const;
    const map = { width: 3, height: 5, data: new Float32Array(15) };
    const { width, height, data } = overlay(map, picture, { bar: true });
    expect([width, height]).toEqual([19, 5]);
    const expected = bytesOf(known.inferno);
    expect([...data.subarray(18 * 3, 19 * 3)]).toEqual([...expected.subarray(255 * 3)]);
    expect([...data.subarray(data.length - 3)]).toEqual([...expected.subarray(0, 3)]);
  });
});

describe("What the model was shown", () => {
  it("is drawn in grey or colours, of a volume the slice asked for", () => {
    const data = Float32Array.from({ length: 12 }, (_, at) => at / 11);
    const colour = inputPicture({ shape: [1, 3, 2, 2], data }, 0);
    expect([...colour.data.subarray(0, 3)]).toEqual([
      0,
      Math.round((255 * 4) / 11),
      Math.round((255 * 8) / 11),
    ]);
    const slice = inputPicture({ shape: [1, 1, 3, 2, 2], data }, 0, { slice: 2 });
    expect(slice).toMatchObject({ width: 2, height: 2, channels: 1 });
    expect([...slice.data]).toEqual([8, 9, 10, 11].map((at) => Math.round((255 * at) / 11)));
    const window = { low: 0, high: 1 / 11 };
    expect([...inputPicture({ shape: [3, 1, 2, 2], data }, 0, { window }).data]).toEqual([
      0, 255, 255, 255,
    ]);
    expect(() => inputPicture({ shape: [3, 1, 2, 2], data }, 3)).toThrow(/found image 3/);
  });

  it("is magnified pixel by pixel", () => {
    const data = Float32Array.of(0, 1, 0.2, 0.4);
    const {
      width,
      height,
      data: pixels,
    } = inputPicture({ shape: [1, 1, 2, 2], data }, 0, { scale: 2 });
    expect([width, height]).toEqual([4, 4]);
    expect([...pixels.subarray(0, 4)]).toEqual([0, 0, 255, 255]);
    expect([...pixels.subarray(12)]).toEqual([51, 51, 102, 102]);
    expect(() => inputPicture({ shape: [1, 1, 2, 2], data }, 0, { scale: 0 })).toThrow(/scale/);
  });

  it("is shown with the slice of a volume that has the most evidence", () => {
    const maps = Float32Array.of(0, 0, 1, 0, 0.9, 0.8, 0.7, 0.1, 0, 0, 0, 0);
    const map = mapOf({ shape: [1, 3, 2, 2], maps }, 0);
    expect([...map.data]).toEqual([...maps.subarray(4, 8)]);
    expect([...mapOf({ shape: [3, 2, 2], maps }, 2).data]).toEqual([0, 0, 0, 0]);
  });
});

describe("A mosaic", () => {
  const grey = { width: 2, height: 1, channels: 1, data: Uint8Array.of(10, 20) } as const;
  const red = { width: 2, height: 1, channels: 3, data: Uint8Array.of(9, 0, 0, 8, 0, 0) } as const;

  it("has pictures in rows on white", () => {
    const { width, height, data } = mosaic([grey, red, grey], { columns: 2, gap: 1 });
    expect([width, height]).toEqual([5, 3]);
    const first = [10, 10, 10, 20, 20, 20, 255, 255, 255, 9, 0, 0, 8, 0, 0];
    expect([...data.subarray(0, 15)]).toEqual(first);
    expect(data.subarray(15, 30).every((value) => value === 255)).toBe(true);
    expect([...data.subarray(30)]).toEqual([...first.slice(0, 6), ...new Array(9).fill(255)]);
  });

  it("takes pictures of one size", () => {
    const other = { ...grey, width: 1, height: 2 };
    expect(() => mosaic([grey, other])).toThrow(/2 × 1 pixels, found one of 1 × 2/);
    expect(() => mosaic([])).toThrow(/no pictures/);
  });
});
