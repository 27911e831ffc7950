// Symbols of a bzip2 block: prefix codes, runs of zeros and the list that moves to front.

import type { BitReader } from "./bit-reader.ts";

/** How a block's bytes are coded. */
export interface BlockCodes {
  /** The bytes that occur, in ascending order: the list at the start. */
  readonly bytes: Uint8Array;
  readonly tables: readonly CodeTable[];
  /** The table of each group of 50 symbols. */
  readonly selectors: Uint8Array;
}

/** A canonical prefix code: codes of one length are consecutive. */
interface CodeTable {
  readonly shortest: number;
  /** The largest code of each length; −1 where there is none. */
  readonly limits: Int32Array;
  /** What to take off a code of each length for its place among `symbols`. */
  readonly bases: Int32Array;
  /** Symbols by length, then number. */
  readonly symbols: Uint16Array;
}

const longestCode = 20;
const groupSize = 50;

/** @throws Error that says what is wrong */
export function readCodes(bits: BitReader): BlockCodes {
  const bytes = readBytesInUse(bits);
  if (bytes.length === 0) throw new Error("a block without symbols");
  const tableCount = bits.read(3);
  const selectorCount = bits.read(15);
  if (tableCount < 2 || tableCount > 6 || selectorCount < 1) throw new Error("no prefix codes");
  const selectors = readSelectors(bits, selectorCount, tableCount);
  const tables: CodeTable[] = [];
  for (let at = 0; at < tableCount; at++) tables.push(readTable(bits, bytes.length + 2));
  return { bytes, tables, selectors };
}

function readBytesInUse(bits: BitReader): Uint8Array {
  const rows = bits.read(16);
  const bytes: number[] = [];
  for (let row = 0; row < 16; row++) {
    if ((rows & (0x8000 >> row)) === 0) continue;
    const columns = bits.read(16);
    for (let column = 0; column < 16; column++) {
      if (columns & (0x8000 >> column)) bytes.push(16 * row + column);
    }
  }
  return Uint8Array.from(bytes);
}

function readSelectors(bits: BitReader, count: number, tableCount: number): Uint8Array {
  const recent = Uint8Array.from({ length: tableCount }, (_, at) => at);
  const selectors = new Uint8Array(count);
  for (let at = 0; at < count; at++) {
    let place = 0;
    while (bits.read(1) === 1) if (++place >= tableCount) throw new Error("an unknown code table");
    selectors[at] = moveToFront(recent, place);
  }
  return selectors;
}

function moveToFront(list: Uint8Array, place: number): number {
  const value = list[place];
  list.copyWithin(1, 0, place);
  list[0] = value;
  return value;
}

/** Lengths of the codes, each as steps from the one before. */
function readTable(bits: BitReader, symbolCount: number): CodeTable {
  const lengths = new Uint8Array(symbolCount);
  let length = bits.read(5);
  for (let symbol = 0; symbol < symbolCount; symbol++) {
    for (;;) {
      if (length < 1 || length > longestCode) throw new Error("a code of impossible length");
      if (bits.read(1) === 0) break;
      length += bits.read(1) === 0 ? 1 : -1;
    }
    lengths[symbol] = length;
  }
  return canonicalCode(lengths);
}

function canonicalCode(lengths: Uint8Array): CodeTable {
  const limits = new Int32Array(longestCode + 2).fill(-1);
  const bases = new Int32Array(longestCode + 2);
  const symbols = new Uint16Array(lengths.length);
  const shortest = lengths.reduce((least, length) => Math.min(least, length), longestCode);
  let [code, place] = [0, 0];
  for (let length = shortest; length <= longestCode; length++, code *= 2) {
    bases[length] = code - place;
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] !== length) continue;
      symbols[place++] = symbol;
      code++;
    }
    limits[length] = code - 1;
  }
  return { shortest, limits, bases, symbols };
}

/**
 * Decodes a block's symbols into `target`.
 * @returns how many bytes there are
 * @throws Error that says what is wrong
 */
export function readSymbols(
  bits: BitReader,
  { bytes, tables, selectors }: BlockCodes,
  target: Uint32Array,
): number {
  const recent = Uint8Array.from(bytes);
  const end = bytes.length + 1;
  let [count, run, weight] = [0, 0, 1];
  for (let at = 0; ; at++) {
    const group = Math.floor(at / groupSize);
    if (group >= selectors.length) throw new Error("more symbols than announced");
    const symbol = readSymbol(bits, tables[selectors[group]]);
    if (symbol < 2) {
      // Runs are numbers of base 2 with digits 1 and 2, the lowest first.
      run += weight * (symbol + 1);
      weight *= 2;
      if (run > target.length - count) throw new Error("a block longer than its level");
      continue;
    }
    target.fill(recent[0], count, count + run);
    count += run;
    [run, weight] = [0, 1];
    if (symbol === end) return count;
    if (count === target.length) throw new Error("a block longer than its level");
    target[count++] = moveToFront(recent, symbol - 1);
  }
}

function readSymbol(bits: BitReader, { shortest, limits, bases, symbols }: CodeTable): number {
  let length = shortest;
  let code = bits.read(length);
  while (code > limits[length]) {
    if (++length > longestCode) throw new Error("an unknown code");
    code = code * 2 + bits.read(1);
  }
  const place = code - bases[length];
  if (place < 0 || place >= symbols.length) throw new Error("an unknown code");
  return symbols[place];
}
