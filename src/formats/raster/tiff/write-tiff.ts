// Writes TIFF 6.0: all types of voxels without loss, slices and channels as pages that ImageJ and others know.

import type { ChannelAxis, Image, VoxelArray } from "../../../base/index.ts";
import { RoentgenError, voxelType } from "../../../base/index.ts";
import { nativeByteOrder } from "../../elements/byte-order.ts";
import { interleaved } from "../from-image.ts";
import { directoryBytes, type Entry } from "./write-directory.ts";

/** What 32-bit offsets reach, less room for the directories. */
const mostBytes = 2 ** 32 - 2 ** 24;
const headerBytes = 8;

/**
 * One strip a page, not compressed, in this machine's byte order. A page for each slice and channel, colours
 * together; the description says in ImageJ's words which page is what, and the spacing. A place in the
 * patient gets lost.
 * @throws RoentgenError "shape-mismatch" for channels other than time, one more and colour; "too-large"
 */
export function* writeTiff(image: Image, path: string): Generator<Uint8Array> {
  const { pages, samples } = arrange(image, path);
  const [width, height] = image.geometry.size;
  const pageBytes = width * height * samples * image.data.BYTES_PER_ELEMENT;
  const paddedBytes = pageBytes + (pageBytes % 2);
  if (paddedBytes * pages.length > mostBytes) throw tooLarge(paddedBytes * pages.length, path);
  let at = headerBytes;
  yield header(at + paddedBytes);
  for (const [number, page] of pages.entries()) {
    const pixels = interleaved(planesOf(image, page, samples), samples);
    const bytes = new Uint8Array(paddedBytes);
    bytes.set(new Uint8Array(pixels.buffer, pixels.byteOffset, pageBytes));
    yield bytes;
    const entries = entriesOf(image, { samples, pageBytes, offset: at });
    if (number === 0)
      entries.push({ tag: 270, type: "text", values: imageJText(image, pages.length) });
    const isLast = number === pages.length - 1;
    const directory = directoryBytes(entries, at + paddedBytes, isLast ? undefined : paddedBytes);
    yield directory;
    at += paddedBytes + directory.length;
  }
}

/** Where the planes of a page begin: its first colour, and from one to the next. */
interface PagePlanes {
  readonly start: number;
  readonly step: number;
}

/** Pages in ImageJ's order: channels fastest, then slices, then times. */
function arrange(
  { geometry, channels }: Image,
  path: string,
): { pages: PagePlanes[]; samples: number } {
  const [width, height, depth] = geometry.size;
  const { colour, time, other } = rolesOf(channels, path);
  const plane = width * height;
  const samples = colour?.size ?? 1;
  const step = plane * depth;
  const inner = step * samples;
  const axes: readonly (ChannelAxis | undefined)[] = channels;
  const timeFirst = axes.indexOf(time) < axes.indexOf(other);
  const timeStep = inner * (other && timeFirst ? other.size : 1);
  const otherStep = inner * (time && !timeFirst ? time.size : 1);
  const pages: PagePlanes[] = [];
  for (let t = 0; t < (time?.size ?? 1); t++) {
    for (let slice = 0; slice < depth; slice++) {
      for (let channel = 0; channel < (other?.size ?? 1); channel++) {
        pages.push({ start: t * timeStep + channel * otherStep + slice * plane, step });
      }
    }
  }
  return { pages, samples };
}

interface Roles {
  readonly colour?: ChannelAxis;
  readonly time?: ChannelAxis;
  readonly other?: ChannelAxis;
}

function rolesOf(channels: readonly ChannelAxis[], path: string): Roles {
  const last = channels.at(-1);
  const isColour = last?.name === "color" && (last.size === 3 || last.size === 4);
  const rest = isColour ? channels.slice(0, -1) : channels;
  const time = rest.find(({ name }) => name === "time");
  const others = rest.filter((axis) => axis !== time);
  if (others.length <= 1) return { colour: isColour ? last : undefined, time, other: others[0] };
  throw new RoentgenError("shape-mismatch", {
    problem: `Cannot write ${path}`,
    expected: "at most times, one other axis of channels, and colours last",
    found: channels.map(({ name }) => name).join(", "),
    remedy: "Choose NRRD, which holds any axes.",
    subject: path,
  });
}

function tooLarge(bytes: number, path: string): RoentgenError {
  return new RoentgenError("too-large", {
    problem: `Cannot write ${path}`,
    expected: "less than 4 GB, which TIFF holds",
    found: `${bytes} bytes`,
    remedy: "Choose NIfTI or NRRD.",
    subject: path,
  });
}

function header(firstDirectory: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(headerBytes));
  const little = nativeByteOrder === "little";
  view.setUint16(0, little ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, little);
  view.setUint32(4, firstDirectory, little);
  return new Uint8Array(view.buffer);
}

/** The planes of a page, one after another. */
function planesOf(
  { data, geometry }: Image,
  { start, step }: PagePlanes,
  samples: number,
): VoxelArray {
  const plane = geometry.size[0] * geometry.size[1];
  const planes = new (data.constructor as new (length: number) => VoxelArray)(plane * samples);
  for (let colour = 0; colour < samples; colour++) {
    const from = start + colour * step;
    planes.set(data.subarray(from, from + plane) as never, colour * plane);
  }
  return planes;
}

const formats = { u: 1, i: 2, f: 3 } as const;

function entriesOf(
  { data, geometry }: Image,
  { samples, pageBytes, offset }: { samples: number; pageBytes: number; offset: number },
): Entry[] {
  const [width, height] = geometry.size;
  const bits = 8 * data.BYTES_PER_ELEMENT;
  const format = formats[voxelType(data)[0] as keyof typeof formats];
  const short = (tag: number, ...values: number[]): Entry => ({ tag, type: "short", values });
  const long = (tag: number, ...values: number[]): Entry => ({ tag, type: "long", values });
  const each = (value: number) => Array<number>(samples).fill(value);
  const [x, y] = geometry.spacing ?? [];
  return [
    long(256, width),
    long(257, height),
    short(258, ...each(bits)),
    short(259, 1),
    short(262, samples === 1 ? 1 : 2),
    long(273, offset),
    short(277, samples),
    long(278, height),
    long(279, pageBytes),
    ...(x && y
      ? [
          { tag: 282, type: "rational", values: [1 / x] } as const,
          { tag: 283, type: "rational", values: [1 / y] } as const,
          // The unit is in the description.
          short(296, 1),
        ]
      : []),
    ...(samples === 4 ? [short(338, 2)] : []),
    short(339, ...each(format)),
  ];
}

/** As ImageJ writes it, so that it and others know slices, channels, times and spacing. */
function imageJText({ geometry, channels }: Image, pages: number): string {
  const slices = geometry.size[2];
  const times = channels.find(({ name }) => name === "time")?.size ?? 1;
  const others = pages / slices / times;
  const lines = [
    "ImageJ=1.11a",
    `images=${pages}`,
    ...(others > 1 ? [`channels=${others}`] : []),
    ...(slices > 1 || others * times > 1 ? [`slices=${slices}`] : []),
    ...(times > 1 ? [`frames=${times}`] : []),
    ...(others * times > 1 ? ["hyperstack=true"] : []),
    ...(geometry.spacing ? ["unit=mm", `spacing=${geometry.spacing[2]}`] : []),
    "loop=false",
  ];
  return `${lines.join("\n")}\n`;
}
