// Evaluation of conversions between element types.

import type { ElementType } from "../model.ts";
import { isInteger, isTexts, type PlainTensor } from "./plain-tensor.ts";
import type { EvaluationRule, EvaluationRules } from "./rule.ts";

const cast: EvaluationRule = (node) => [converted(node.any(0), node.outputType())];

/** Elements as another type: floats lose their fraction, truth is 0 or 1, numbers become text and back. */
function converted({ type: from, shape, data }: PlainTensor, type: ElementType): PlainTensor {
  if (type === "string") {
    const texts = isTexts(data) ? data : Array.from(data, (value) => textOf(value, from));
    return { type, shape, data: texts };
  }
  const values = isTexts(data) ? Float64Array.from(data, numberOf) : data;
  if (type === "bool") return { type, shape, data: values.map((value) => Number(value !== 0)) };
  return { type, shape, data: isInteger(type) ? values.map(Math.trunc) : values };
}

function textOf(value: number, type: ElementType): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "INF" : "-INF";
  // The shortest text that gives the same float32 again: at most nine digits.
  if (type !== "float32") return String(value);
  const digits = [1, 2, 3, 4, 5, 6, 7, 8, 9].find(
    (count) => Math.fround(Number(value.toPrecision(count))) === value,
  );
  return String(Number(value.toPrecision(digits)));
}

function numberOf(text: string): number {
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  return Number(text);
}

/** Rules by operator. */
export const castingRules: EvaluationRules = { Cast: cast, CastLike: cast };
