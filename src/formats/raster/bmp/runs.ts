// Runs of equal pixels in BMP files, of 8 and of 4 bits (Microsoft: "Bitmap Compression").

import { damaged, truncated } from "../../damage.ts";
import type { BmpHeader } from "./header.ts";

/** Pixels that a byte may stand for: two announce up to 255, and jumps leave some out. */
const sparsest = 1024;
/** Pixels that a picture of whatever few bytes may have. */
const mostBlank = 2 ** 22;

/**
 * The indices of all pixels, rows from the top; pixels that are jumped over are 0.
 * @throws RoentgenError "file-truncated", "file-corrupt" for pixels outside the picture
 */
export function spreadRuns(bytes: Uint8Array, header: BmpHeader, name: string): Uint8Array {
  const { width, height, bits, start, topDown } = header;
  if (width * height > sparsest * bytes.length + mostBlank) {
    throw truncated(name, {
      expected: `runs of ${width} × ${height} pixels`,
      found: `${bytes.length} bytes`,
    });
  }
  const indices = new Uint8Array(width * height);
  let [at, x, y] = [start, 0, 0];

  function put(index: number): void {
    // Writers let runs go a little beyond the row; what is outside is dropped.
    if (x < width && y < height) indices[(topDown ? y : height - 1 - y) * width + x] = index;
    x++;
  }
  /** The n-th pixel of packed bytes from `from` on. */
  const packed = (from: number, n: number) =>
    bits === 8 ? bytes[from + n] : (bytes[from + (n >> 1)] >> (n % 2 === 0 ? 4 : 0)) & 15;

  for (;;) {
    if (at + 2 > bytes.length) {
      throw truncated(name, { expected: "runs up to the end of the picture", found: "fewer" });
    }
    const [count, value] = [bytes[at], bytes[at + 1]];
    at += 2;
    if (count > 0) {
      for (let n = 0; n < count; n++)
        put(bits === 8 || n % 2 === 1 ? value & (bits === 8 ? 255 : 15) : value >> 4);
    } else if (value === 0) {
      [x, y] = [0, y + 1];
    } else if (value === 1) {
      return indices;
    } else if (value === 2) {
      [x, y] = [x + (bytes[at] ?? 0), y + (bytes[at + 1] ?? 0)];
      at += 2;
    } else {
      const length = Math.ceil((value * bits) / 16) * 2;
      if (at + length > bytes.length) {
        throw truncated(name, { expected: `${length} bytes of pixels`, found: "fewer" });
      }
      for (let n = 0; n < value; n++) put(packed(at, n));
      at += length;
    }
    if (y > height) throw damaged(name, { expected: `${height} rows`, found: "more" });
  }
}
