// Markdown (CommonMark, and tables as GitHub has them) of untrusted text.

import { printable } from "../printable.ts";

/** Text on one line that means nothing to Markdown or HTML. */
export function escapeMarkdown(text: string): string {
  return printable(text)
    .replace(/\s+/g, " ")
    .replace(/[\\`*_{}[\]<>|~#&]/g, (character) => (character === "<" ? "&lt;" : `\\${character}`));
}

/** A table; all cells are escaped. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}

/** A list of escaped sentences. */
export function bullets(sentences: readonly string[]): string {
  return sentences.map((sentence) => `- ${escapeMarkdown(sentence)}`).join("\n") || "None.";
}
