// The outermost data set of a file, element by element, while its bytes are fetched (PS3.5 section 7).

import { RoentgenError } from "../../../base/index.ts";
import { damaged } from "../../damage.ts";
import type { DataSet, Element, Tag } from "./data-set.ts";
import { type ElementHeader, readElementHeader, UNDEFINED_LENGTH } from "./element-header.ts";
import { walkFragments } from "./fragments.ts";
import {
  addElement,
  beginDataSet,
  finishDataSet,
  type GrowingDataSet,
} from "./growing-data-set.ts";
import { parseValue } from "./parse-elements.ts";
import { showTag } from "./tag-text.ts";
import { type Encoding, MORE_BYTES, type MovableWindow } from "./window.ts";

interface TopLevelOptions {
  readonly until?: Tag;
  /** Whether pixel data are kept in memory too. */
  readonly keepsAll: boolean;
}

interface Step {
  /** Nothing where bytes were passed over. */
  readonly element?: Element;
  readonly next: number;
}

/** Reads to the end of the file, or up to a tag. */
export async function readTopLevel(
  window: MovableWindow,
  start: number,
  encoding: Encoding,
  options: TopLevelOptions,
): Promise<DataSet> {
  const growing = beginDataSet(encoding);
  let at = start;
  while (at < window.fileEnd) {
    const counted = window.elementCount;
    try {
      const step = await readStep(window, at, growing, options);
      if (!step) break;
      if (step.element) addElement(growing, step.element, window);
      at = step.next;
    } catch (cause) {
      if (cause === MORE_BYTES) {
        window.elementCount = counted; // the same elements are read again
        await window.fetch(at);
        continue;
      }
      // With the pixels at hand, an image does not fail for what stands behind them.
      if (!(cause instanceof RoentgenError) || !hasPixels(growing)) throw cause;
      window.note(`What follows the pixel data from position ${at} on can't be read.`);
      break;
    }
  }
  return finishDataSet(growing);
}

/** One element; nothing where the data set ends. */
async function readStep(
  window: MovableWindow,
  at: number,
  growing: GrowingDataSet,
  { until, keepsAll }: TopLevelOptions,
): Promise<Step | undefined> {
  const { fileEnd } = window;
  if (at + 8 > fileEnd || window.tagAt(at, true) === 0) {
    if (endsInPadding(window, at, growing)) return undefined;
  }
  const header = readElementHeader(window, at, growing, fileEnd);
  const { tag, length, valueAt, vr } = header;
  if (until !== undefined && tag >= until) return undefined;
  if (tag >>> 16 === 0xfffe) {
    window.note(`A stray ${showTag(tag)} at position ${at} was passed over.`);
    return { next: valueAt };
  }
  if (length === UNDEFINED_LENGTH) {
    if (vr === "SQ" || vr === "UN") return parseValue(window, header, growing, fileEnd);
    if (keepsAll) throw damaged(window.name, { found: "fragments in a deflated data set" });
    return readFragments(window, header);
  }
  const leaves = !keepsAll && (isPixels(tag) || length > window.longestValue) && vr !== "SQ";
  return leaves ? leave(window, header, growing) : parseValue(window, header, growing, fileEnd);
}

function leave(
  window: MovableWindow,
  { tag, vr, length, valueAt }: ElementHeader,
  growing: GrowingDataSet,
): Step {
  const present = Math.min(length, window.fileEnd - valueAt);
  if (present < length) {
    if (!isPixels(tag) && !hasPixels(growing)) {
      throw new RoentgenError("file-truncated", {
        problem: `Cannot read ${window.name}`,
        expected: `${length} bytes of ${showTag(tag)} from position ${valueAt}`,
        found: `the end of the file at ${window.fileEnd}`,
        remedy: "The file is truncated or damaged; fetch or export it again.",
        subject: window.name,
      });
    }
    window.note(
      `${showTag(tag)} is cut off: ${present} of ${length} bytes are there; the file is truncated.`,
    );
  }
  return {
    element: { kind: "left", tag, vr, offset: valueAt, length: present },
    next: valueAt + present,
  };
}

async function readFragments(window: MovableWindow, header: ElementHeader): Promise<Step> {
  const { tag, vr } = header;
  const walk = walkFragments(window, header, window.fileEnd);
  let step = walk.next();
  while (!step.done) {
    const { at, length } = step.value;
    if (!window.has(at, length)) await window.fetchExactly(at, length);
    step = walk.next();
  }
  const { offsets, fragments, next } = step.value;
  return { element: { kind: "fragments", tag, vr, offsets, fragments }, next };
}

/** Float, double and integer pixel data, and what older standards called variable pixel data. */
function isPixels(tag: Tag): boolean {
  return tag >>> 16 === 0x7fe0 && (tag & 0xffff) >= 0x0008;
}

function hasPixels({ elements }: GrowingDataSet): boolean {
  return elements.has(0x7fe00010) || elements.has(0x7fe00008) || elements.has(0x7fe00009);
}

/** Zeros up to the end, or a few stray bytes, are no elements. */
function endsInPadding(window: MovableWindow, at: number, growing: GrowingDataSet): boolean {
  const rest = window.fileEnd - at;
  if (rest >= 8 && !isZero(window, at)) return false;
  if (rest < 8 && !hasPixels(growing) && !isZero(window, at)) return false;
  window.note(`The file ends in ${rest} bytes of padding that belong to no element.`);
  return true;
}

/** Whether zeros follow, as far as the window reaches. */
function isZero(window: MovableWindow, at: number): boolean {
  const length = Math.min(window.fileEnd - at, 4096);
  return window.take(at, length).every((byte) => byte === 0);
}
