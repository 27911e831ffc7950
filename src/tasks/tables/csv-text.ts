// A table as the text of a CSV file.

import type { Table } from "../../base/index.ts";
import { writeCsv } from "../../formats/csv/index.ts";

export function csvText(table: Table): string {
  const decoder = new TextDecoder();
  let text = "";
  for (const chunk of writeCsv(table)) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}
