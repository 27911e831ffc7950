// The configuration of a Keras layer, field by field, in the words of Keras 2 and 3 whatever wrote it.

import { RoentgenError } from "../../base/index.ts";

/** Fields of one layer. Messages name the layer and its class. */
export interface LayerConfig {
  readonly name: string;
  readonly className: string;
  /** The field as it stands; null and absent are undefined. */
  value(field: string): unknown;
  number(field: string, fallback?: number): number;
  /** A whole number of at least 1. */
  count(field: string, fallback?: number): number;
  text(field: string, fallback: string): string;
  flag(field: string, fallback: boolean): boolean;
  /** A whole number of at least 1 for each of `rank` axes; a single one stands for all. */
  lengths(field: string, rank: number, fallback?: number): number[];
  /** A list of whole numbers of any length; a number alone is a list of it. */
  integers(field: string): number[] | undefined;
  /** An error about this layer. */
  refuse(finding: { expected?: string; found: string; remedy?: string }): RoentgenError;
}

/** What Keras 1 called the fields of today. */
const NAMES_OF_KERAS_1: Readonly<Record<string, string>> = {
  nb_filter: "filters",
  filter_length: "kernel_size",
  subsample: "strides",
  subsample_length: "strides",
  border_mode: "padding",
  bias: "use_bias",
  output_dim: "units",
  p: "rate",
  pool_length: "pool_size",
  stride: "strides",
  atrous_rate: "dilation_rate",
};

/** Opens a layer's configuration. */
export function layerConfig(name: string, className: string, given: unknown): LayerConfig {
  const fields = currentNames(isFields(given) ? given : {});
  const refuse: LayerConfig["refuse"] = (finding) =>
    new RoentgenError("format-unsupported", {
      problem: `Cannot convert the Keras layer "${name}" (${className})`,
      subject: name,
      ...finding,
    });
  const wrong = (field: string, expected: string) =>
    refuse({ expected: `${field} as ${expected}`, found: shown(fields[field]) });
  const value = (field: string) => fields[field] ?? undefined;

  function integers(field: string): number[] | undefined {
    const found = value(field);
    if (found === undefined) return undefined;
    const list = Array.isArray(found) ? found : [found];
    if (list.every((one) => Number.isInteger(one))) return list;
    throw wrong(field, "whole numbers");
  }

  return {
    ...{ name, className, value, integers, refuse },
    number(field, fallback) {
      const found = value(field) ?? fallback;
      if (typeof found === "number") return found;
      throw wrong(field, "a number");
    },
    count(field, fallback) {
      const found = value(field) ?? fallback;
      if (isCount(found)) return found;
      throw wrong(field, "a whole number of at least 1");
    },
    text(field, fallback) {
      const found = value(field) ?? fallback;
      if (typeof found === "string") return found;
      throw wrong(field, "text");
    },
    flag(field, fallback) {
      const found = value(field) ?? fallback;
      if (typeof found === "boolean") return found;
      throw wrong(field, "true or false");
    },
    lengths(field, rank, fallback) {
      const found = integers(field) ?? (fallback === undefined ? [] : [fallback]);
      const list = found.length === 1 ? new Array<number>(rank).fill(found[0]) : found;
      if (list.length === rank && list.every(isCount)) return list;
      throw wrong(field, `${rank} lengths of at least 1`);
    },
  };
}

function currentNames(given: Record<string, unknown>): Record<string, unknown> {
  const fields: Record<string, unknown> = { ...given };
  for (const [old, current] of Object.entries(NAMES_OF_KERAS_1)) {
    if (old in given && !(current in given)) fields[current] = given[old];
  }
  const kernel = ["kernel_dim1", "kernel_dim2", "kernel_dim3", "nb_row", "nb_col"]
    .map((field) => given[field])
    .filter((length) => length !== undefined);
  if (kernel.length > 0) fields.kernel_size = kernel;
  // "th" stored kernels mirrored and in another order: `imageInput` refuses it.
  if (given.dim_ordering === "tf") fields.data_format = "channels_last";
  if (given.dim_ordering === "th") fields.data_format = "theano";
  return fields;
}

/** Whether a value is an object with fields. */
export function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
