// JSON that lies in a data set's folder, checked against what is needed of it.

import { RoentgenError, type rules } from "../../../base/index.ts";

/** @throws RoentgenError "file-corrupt" for what is no JSON, "value-invalid" where a field is not as expected */
export function parseJson<Schema extends rules.ZodType>(
  bytes: Uint8Array,
  schema: Schema,
  path: string,
): rules.output<Schema> {
  const checked = schema.safeParse(parseText(new TextDecoder().decode(bytes), path));
  if (checked.success) return checked.data;
  const [{ path: at, message }] = checked.error.issues;
  throw new RoentgenError("value-invalid", {
    problem: `Cannot use ${path}`,
    expected: `${at.join(".") || "the file"} to be as published`,
    found: message,
    subject: path,
  });
}

function parseText(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RoentgenError("file-corrupt", {
      problem: `Cannot read ${path}`,
      expected: "JSON",
      found: (cause as Error).message,
      subject: path,
      cause,
    });
  }
}
