// Makes untrusted text (column names, class names, paths) safe inside HTML text and quoted attributes.

import { printable } from "../printable.ts";

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export function escapeHtml(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => entities[character]);
}

/** As `escapeHtml`, keeping "95 %" and "N = 114" on one line. */
export function escapeProse(text: string): string {
  return escapeHtml(text)
    .replace(/(\d) %/g, "$1\u00a0%")
    .replace(/\bN = /g, "N\u00a0=\u00a0");
}
