// The variables of a MAT file as arrays, for the front door; what is no array is named and left out.

import { type ByteSource, RoentgenError } from "../base/index.ts";
import type { NamedTensor } from "./data-file.ts";
import { matToTensor } from "./mat/mat-to-tensor.ts";
import { describeMatValue, type MatStruct, type MatValue } from "./mat/mat-value.ts";
import { readMat } from "./mat/read-mat.ts";

interface MatArrays {
  readonly kind: "arrays";
  readonly arrays: readonly NamedTensor[];
  readonly notes: readonly string[];
}

/**
 * Arrays by variable name. A struct gives its fields ("s.x"; of a file's only variable just "x").
 * @throws RoentgenError what `readMat` throws; "type-mismatch" where nothing in the file is an array
 */
export async function readMatArrays(source: ByteSource): Promise<MatArrays> {
  const variables = await readMat(source);
  const alone = variables.length === 1;
  const values = variables.flatMap(({ name, value }) =>
    isSingleStruct(value) ? fieldsOf(value, alone ? "" : `${name}.`) : [{ name, value }],
  );
  const arrays: NamedTensor[] = [];
  const notes: string[] = [];
  for (const { name, value } of values) {
    try {
      arrays.push({ name, tensor: matToTensor(value, name) });
    } catch (error) {
      if (!(error instanceof RoentgenError) || values.length === 1) throw error;
      notes.push(`${name} is a ${describeMatValue(value)} and was left out.`);
    }
  }
  if (arrays.length === 0) {
    throw new RoentgenError("type-mismatch", {
      problem: `Cannot use ${source.name}`,
      expected: "at least one array",
      found: notes.join(" ") || "no variable",
      subject: source.name,
    });
  }
  return { kind: "arrays", arrays, notes };
}

function isSingleStruct(value: MatValue): value is MatStruct {
  return value.kind === "struct" && value.shape.every((length) => length === 1);
}

function fieldsOf(struct: MatStruct, prefix: string): { name: string; value: MatValue }[] {
  return struct.fields.map(({ name, values }) => ({ name: `${prefix}${name}`, value: values[0] }));
}
