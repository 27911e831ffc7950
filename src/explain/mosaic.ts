// Pictures beside and below each other, to be looked at together.

import { checkParameters, integer, parameters, RoentgenError } from "../base/index.ts";
import type { Picture } from "../imaging/index.ts";

export interface MosaicOptions {
  /** Pictures in a row; by default all of them. */
  columns?: number;
  /** White pixels between pictures; by default 4. */
  gap?: number;
}

const settings = parameters({
  columns: integer({ min: 1 }),
  gap: integer({ min: 0 }).default(4),
});

/**
 * Puts pictures of one size in rows, on white.
 * @throws RoentgenError "shape-mismatch" where their sizes differ, "value-missing" where there is none
 */
export function mosaic(pictures: readonly Picture[], options: MosaicOptions = {}): Picture {
  if (pictures.length === 0) {
    throw new RoentgenError("value-missing", { problem: "There are no pictures to put together" });
  }
  const given = { columns: pictures.length, ...options };
  const { columns, gap } = checkParameters(settings, given, "mosaic");
  const [{ width, height }] = pictures;
  const rows = Math.ceil(pictures.length / columns);
  const whole = {
    width: columns * (width + gap) - gap,
    height: rows * (height + gap) - gap,
    channels: 3,
  } as const;
  const data = new Uint8Array(whole.width * whole.height * 3).fill(255);
  for (const [at, picture] of pictures.entries()) {
    if (picture.width !== width || picture.height !== height) throw unequal(pictures[0], picture);
    const left = (at % columns) * (width + gap);
    const top = Math.floor(at / columns) * (height + gap);
    for (let row = 0; row < height; row++) {
      const line = colourRow(picture, row);
      data.set(line, ((top + row) * whole.width + left) * 3);
    }
  }
  return { ...whole, data };
}

/** A row of pixels in red, green and blue. */
function colourRow({ width, channels, data }: Picture, row: number): Uint8Array {
  const line = data.subarray(row * width * channels, (row + 1) * width * channels);
  if (channels === 3) return line;
  return Uint8Array.from({ length: width * 3 }, (_, at) => line[Math.floor(at / 3)]);
}

function unequal(first: Picture, other: Picture): RoentgenError {
  return new RoentgenError("shape-mismatch", {
    problem: "Cannot put the pictures together",
    expected: `all of ${first.width} × ${first.height} pixels`,
    found: `one of ${other.width} × ${other.height}`,
  });
}
