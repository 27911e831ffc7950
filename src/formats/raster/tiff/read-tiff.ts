// Reads TIFF 6.0 and BigTIFF: every sample exact, several pages, floating point, OME and ImageJ stacks.

import type { ByteSource, Image, PixelGeometry, VoxelArray } from "../../../base/index.ts";
import { makeImage } from "../../../base/index.ts";
import { unsupported } from "../../damage.ts";
import type {
  HeaderValue,
  ImageFile,
  ImageHeader,
  ImageReadOptions,
} from "../../images/image-file.ts";
import { permuteAxes } from "../../voxels/permute-axes.ts";
import { imageOfPicture, MOST_PIXELS } from "../picture.ts";
import { picturePage } from "./colours.ts";
import { type Directory, readDirectories } from "./directory.ts";
import { layOutPage, one, type PageLayout, TAG } from "./layout.ts";
import { readPage } from "./read-page.ts";
import { channelAxes, type Stack, stackOf } from "./stack.ts";

/**
 * Reads a TIFF file: whole numbers of 1 to 32 bits, floating point of 16, 32 and 64, compressed by LZW,
 * Deflate, PackBits, JPEG or not, strips and tiles, both byte orders. Pages become slices unless OME-XML or
 * ImageJ says that they are channels or times; pages of another size (thumbnails) are left out, with a note.
 * Spacing is what OME or ImageJ gives with a unit of length; resolution on paper is none.
 * @param options.mostPixels of all pages together; by default 2²⁸
 * @throws RoentgenError "file-corrupt", "file-truncated", "format-unsupported", "too-large"
 */
export async function readTiff(
  source: ByteSource,
  { mostPixels = MOST_PIXELS }: ImageReadOptions & { mostPixels?: number } = {},
): Promise<ImageFile> {
  const { name } = source;
  const bytes = await source.read(0, source.byteLength);
  const { littleEndian, big, pages } = readDirectories(bytes, name);
  const main = samePages(pages);
  const first = layOutPage(main[0], bytes, mostPixels / main.length, name);
  const images: Image[] = [];
  const notes = new Set<string>();
  for (const page of main) {
    const layout = layOutPage(page, bytes, mostPixels / main.length, name);
    checkSame(first, layout, name);
    const samples = await readPage(page, layout, bytes, littleEndian ? "little" : "big", name);
    const { picture, notes: told } = picturePage(page, layout, samples, name);
    const made = imageOfPicture(picture);
    for (const note of [...told, ...made.notes]) notes.add(note);
    images.push(made.image);
  }
  const stack = stackOf(main[0], main.length);
  const left = pages.length - main.length;
  if (left > 0) notes.add(`${left} smaller or other pages were left out.`);
  const header = describe(main[0], first, { big, littleEndian, pages: pages.length });
  return {
    image: assemble(images, stack),
    format: "tiff",
    notes: [...notes, ...stack.notes],
    header,
  };
}

/** Pages as large as the first that are no reduced versions of others. */
function samePages(pages: readonly Directory[]): readonly Directory[] {
  const isMain = (page: Directory) => (one(page, TAG.subfileType, 0) & 1) === 0;
  const first = pages.find(isMain) ?? pages[0];
  const same = (page: Directory) =>
    one(page, TAG.width) === one(first, TAG.width) &&
    one(page, TAG.height) === one(first, TAG.height);
  return pages.filter((page) => page === first || (isMain(page) && same(page)));
}

function checkSame(first: PageLayout, layout: PageLayout, name: string): void {
  const kind = ({ bits, format, samples, photometric }: PageLayout) =>
    `${samples} samples of ${bits} bits, format ${format}, photometric ${photometric}`;
  if (kind(first) === kind(layout)) return;
  throw unsupported(name, { expected: `pages of ${kind(first)}`, found: kind(layout) });
}

/** Pages put together: colours of a page lie between its slices and the other channels. */
function assemble(images: readonly Image[], stack: Stack): Image {
  const [{ geometry, channels: colours, data: first }] = images;
  const Samples = first.constructor as new (length: number) => VoxelArray;
  const all = images.length === 1 ? first : new Samples(first.length * images.length);
  // Transparent pixels on some pages only would give pages of different shapes.
  const same = images.filter(({ data }) => data.length === first.length);
  if (images.length > 1)
    same.forEach(({ data }, at) => void all.set(data as never, at * first.length));
  const [width, height] = geometry.size;
  const depth = stack.axes.find(({ name }) => name === "z")?.size ?? 1;
  const colourCount = colours[0]?.size ?? 1;
  // Fastest first: x, y, colour, then the axes of the pages; slices go before the colours.
  const sizes = [width, height, colourCount, ...stack.axes.map(({ size }) => size)];
  const z = 3 + stack.axes.findIndex(({ name }) => name === "z");
  const others = stack.axes.map((_, at) => 3 + at).filter((at) => at !== z);
  const order = z < 3 ? [0, 1, 2, ...others] : [0, 1, z, 2, ...others];
  const place: PixelGeometry = {
    frame: "pixels",
    size: [width, height, depth],
    spacing: stack.spacing,
  };
  const channels = [...channelAxes(stack), ...colours];
  return makeImage({ geometry: place, channels, data: permuteAxes(all, sizes, order) });
}

function describe(
  page: Directory,
  layout: PageLayout,
  file: Record<string, HeaderValue>,
): ImageHeader {
  const description = page.get(TAG.description);
  const resolution = [one(page, TAG.xResolution), one(page, TAG.yResolution)];
  return {
    ...file,
    ...layout,
    ...(typeof description === "string" && { description }),
    ...(resolution.every(Number.isFinite) && { resolution }),
    ...(page.has(TAG.resolutionUnit) && {
      resolutionUnit: ["", "none", "inch", "centimetre"][one(page, TAG.resolutionUnit)] ?? "",
    }),
  };
}
