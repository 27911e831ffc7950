// A strip or tile of a TIFF file that is a JPEG, its tables apart (TIFF Technical Note 2).

import { decodePicture } from "#pictures";
import { damaged } from "../../damage.ts";
import { joinBytes } from "../../elements/join-bytes.ts";
import type { Directory } from "./directory.ts";
import type { PageLayout } from "./layout.ts";
import type { Block } from "./read-page.ts";

const jpegTables = 347;
const START = Uint8Array.of(0xff, 0xd8);
/** Adobe's marker with transform 0: the three components are red, green and blue. */
const IS_RGB = Uint8Array.of(
  ...[0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65],
  ...[0, 100, 0, 0, 0, 0, 0],
);

/** Samples of a block, YCbCr as RGB. */
export async function decodeJpegBlock(
  packed: Uint8Array,
  page: Directory,
  { photometric }: PageLayout,
  block: Block,
  name: string,
): Promise<Uint8Array> {
  const tables = page.get(jpegTables);
  // Between the marks of their start and end.
  const inner =
    typeof tables === "object" ? Uint8Array.from(tables).subarray(2, -2) : new Uint8Array();
  const marks = photometric === 2 ? [START, IS_RGB, inner] : [START, inner];
  const { picture } = await decodePicture(joinBytes([...marks, packed.subarray(2)]), "jpeg", {
    name,
  });
  const { width, height, channels, data } = picture;
  if (width === block.width && height >= block.rows && channels === block.samples) return data;
  throw damaged(name, {
    expected: `a JPEG of ${block.width} × ${block.rows} × ${block.samples}`,
    found: `${width} × ${height} × ${channels}`,
  });
}
