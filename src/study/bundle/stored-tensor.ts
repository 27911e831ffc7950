// Tensors of a test vector as JSON holds them: value by value, or pixels as bytes.

import { number, oneOf, parameters, RoentgenError, rules } from "../../base/index.ts";
import type { OnnxData, OnnxTensor } from "../../onnx/index.ts";
import { amountRule } from "./facts.ts";

const tensorTypes = ["float32", "float64", "int32", "int64", "string", "bool"] as const;

const shapeRule = () => rules.array(amountRule());

const valuesRule = parameters({
  type: oneOf(...tensorTypes),
  shape: shapeRule(),
  /** Row-major. NaN is null; infinities are the words "Infinity" and "-Infinity"; whole numbers beyond 2⁵³ are text. */
  data: rules.array(rules.union([rules.number(), rules.string(), rules.null()])),
});

const pixelsRule = parameters({
  type: rules.literal("float32"),
  shape: shapeRule(),
  /** Row-major, a byte a value in base64; 0 … 255 stand for 0 … 1. */
  pixels: rules.base64({ error: "base64" }),
});

const tensorsRule = () => rules.record(rules.string(), rules.union([valuesRule, pixelsRule]));

export const testVectorRules = parameters({
  /** Largest difference, absolute and relative to values above 1, that floating point may make. */
  tolerance: number({ min: 0, max: 0.1 }),
  inputs: tensorsRule(),
  outputs: tensorsRule(),
});

/** A few rows of input and what the model gave for them when it was made. */
export type StoredTestVector = rules.output<typeof testVectorRules>;
type StoredValues = rules.output<typeof valuesRule>;
type StoredPixels = rules.output<typeof pixelsRule>;

/** Fewer values are easier to read as numbers. */
const FEWEST_PIXELS = 256;

/** A tensor as plain JSON; many values that are all 0/255 … 255/255 take a byte each. */
export function storeTensor({ type, shape, data }: OnnxTensor): unknown {
  const bytes = data instanceof Float32Array && data.length >= FEWEST_PIXELS && pixelBytes(data);
  if (bytes) return { type, shape: [...shape], pixels: toBase64(bytes) };
  return {
    type,
    shape: [...shape],
    data: Array.from<Value, unknown>(data as ArrayLike<Value>, storeValue),
  };
}

/**
 * The tensor that was stored.
 * @throws RoentgenError "file-corrupt" where values do not fill the shape or are none of their type
 */
export function loadTensor(stored: StoredValues | StoredPixels): OnnxTensor {
  const { type, shape } = stored;
  const data = "pixels" in stored ? loadPixels(stored.pixels) : loadData(stored.type, stored.data);
  const count = shape.reduce((product, length) => product * length, 1);
  if (count !== data.length) throw unreadable(`${count} values for shape [${shape}]`, data.length);
  return { type, shape, data };
}

const PIXELS = Float32Array.from({ length: 256 }, (_, value) => value / 255);

/** The bytes that stand for these values; undefined where one is no pixel's. */
function pixelBytes(values: Float32Array): Uint8Array | undefined {
  const bytes = new Uint8Array(values.length);
  for (let at = 0; at < values.length; at++) {
    bytes[at] = Math.round(values[at] * 255);
    if (PIXELS[bytes[at]] !== values[at]) return undefined;
  }
  return bytes;
}

function loadPixels(text: string): Float32Array {
  return Float32Array.from(atob(text), (letter) => PIXELS[letter.charCodeAt(0)]);
}

/** In pieces, since a function takes only so many arguments. */
function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += 32768) {
    text += String.fromCharCode(...bytes.subarray(start, start + 32768));
  }
  return btoa(text);
}

type Value = number | bigint | string;

function storeValue(value: Value): number | string | null {
  if (typeof value === "string") return value;
  const number = Number(value);
  if (Number.isNaN(number)) return null;
  const exact = typeof value === "number" ? Number.isFinite(number) : Number.isSafeInteger(number);
  return exact ? number : String(value);
}

type StoredValue = StoredValues["data"][number];

function loadData(type: StoredValues["type"], data: readonly StoredValue[]): OnnxData {
  switch (type) {
    case "string":
      return data.map((value) => (typeof value === "string" ? value : refuse("text", value)));
    case "float32":
      return Float32Array.from(data, loadReal);
    case "float64":
      return Float64Array.from(data, loadReal);
    case "int32":
      return Int32Array.from(data, loadWhole);
    case "int64":
      return BigInt64Array.from(data, loadBig);
    case "bool":
      return Uint8Array.from(data, loadWhole);
    default:
      return type satisfies never;
  }
}

function loadReal(value: StoredValue): number {
  if (value === null) return Number.NaN;
  if (value === "Infinity" || value === "-Infinity") return Number(value);
  return typeof value === "number" ? value : refuse("a number", value);
}

function loadWhole(value: StoredValue): number {
  return Number.isSafeInteger(value) ? (value as number) : refuse("a whole number", value);
}

/** Beyond 2⁵³ whole numbers are stored as text. */
function loadBig(value: StoredValue): bigint {
  return typeof value === "string" && /^-?\d{1,19}$/.test(value)
    ? BigInt(value)
    : BigInt(loadWhole(value));
}

function refuse(expected: string, found: StoredValue): never {
  throw unreadable(expected, JSON.stringify(found));
}

function unreadable(expected: string, found: string | number): RoentgenError {
  return new RoentgenError("file-corrupt", {
    problem: "Cannot read the bundle's test vector",
    expected,
    found: String(found),
    subject: "test-vector.json",
  });
}
