// The style sheet of reports: system fonts, a measure that reads well, light, dark and print.

import { plotColours, plotGrounds } from "../plots/palette.ts";

const declarations = (colours: Record<string, string>): string =>
  Object.entries(colours)
    .map(([name, value]) => `${name}: ${value};`)
    .join(" ");

const light = `--ground: ${plotGrounds.light}; --raised: #f6f7f9; --ink: #1b1f24; --soft: #57606a; --line: #d8dee4;
  --accent: #0b5c93; --warning: #8a4b00; --warning-ground: #fff6e6; --warning-line: #d98a1f;
  ${declarations(plotColours.light)}`;

const dark = `--ground: ${plotGrounds.dark}; --raised: #1d2126; --ink: #e6e9ed; --soft: #a3abb5; --line: #363c44;
  --accent: #79c0f2; --warning: #f3c77c; --warning-ground: #2c2413; --warning-line: #b98026;
  ${declarations(plotColours.dark)}`;

export const styleSheet = `:root { color-scheme: light dark; ${light} }
@media (prefers-color-scheme: dark) { :root { ${dark} } }
@media print { :root { color-scheme: light; ${light} } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
main { max-width: 60rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0; letter-spacing: -0.01em; text-wrap: balance; }
h2 {
  font-size: 1.25rem; line-height: 1.3; margin: 3rem 0 0.75rem; padding-top: 1rem;
  border-top: 1px solid var(--line);
}
p { max-width: 44rem; margin: 0.6rem 0; overflow-wrap: anywhere; }
.subtitle { color: var(--soft); margin: 0.4rem 0 0; }
.lead { margin-top: 1.75rem; }
.lead p { font-size: 1.125rem; }
.headlines {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 1px;
  margin: 1.5rem 0 0; background: var(--line); border: 1px solid var(--line); border-radius: 8px;
  overflow: hidden;
}
.headline { background: var(--raised); padding: 0.9rem 1rem; }
.headline dt { color: var(--soft); font-size: 0.875rem; line-height: 1.3; }
.headline dd { margin: 0.35rem 0 0; display: flex; flex-direction: column; }
.headline .value {
  font-size: 1.75rem; line-height: 1.2; font-weight: 600; font-variant-numeric: tabular-nums;
}
.headline .interval { font-size: 0.9rem; font-variant-numeric: tabular-nums; }
.headline .note { color: var(--soft); font-size: 0.8125rem; }
.notice {
  margin: 1.25rem 0 0; padding: 0.75rem 1rem; border: 1px solid var(--line);
  border-left: 4px solid var(--accent); border-radius: 4px; background: var(--raised);
}
.notice.warning { border-color: var(--warning-line); background: var(--warning-ground); }
.notice p { margin: 0.15rem 0; }
.notice-title { font-weight: 600; }
.notice-level {
  font-size: 0.75rem; text-transform: uppercase; letter-spacing: 0.06em; margin-right: 0.4em;
  color: var(--accent);
}
.notice.warning .notice-level { color: var(--warning); }
nav { margin-top: 1.75rem; font-size: 0.9375rem; }
nav ul { list-style: none; padding: 0; margin: 0; display: flex; flex-wrap: wrap; gap: 0.35rem 1.25rem; }
a { color: var(--accent); }
.scroll { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; font-size: 0.9375rem; line-height: 1.4; min-width: 50%; }
caption { text-align: left; color: var(--soft); font-size: 0.875rem; padding: 0 0 0.4rem; }
th, td {
  padding: 0.4rem 0.9rem 0.4rem 0; text-align: left; vertical-align: top; overflow-wrap: break-word;
  border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums;
}
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--soft); font-weight: 600; border-bottom: 2px solid var(--line); overflow-wrap: normal; }
tbody th { font-weight: 500; }
.facts th { color: var(--soft); font-weight: 400; min-width: 12rem; }
th.end, td.end { text-align: right; white-space: nowrap; }
.figures { display: flex; flex-wrap: wrap; gap: 1.5rem 2rem; margin: 1.25rem 0; align-items: flex-start; }
figure { margin: 0; flex: 0 1 auto; min-width: 0; max-width: 100%; }
figure svg { display: block; max-width: 100%; height: auto; overflow: visible; }
figure img { display: block; max-width: 100%; height: auto; image-rendering: pixelated; }
.pictures img + img { margin-top: 4px; }
.pictures figcaption { font-size: 0.8125rem; overflow-wrap: anywhere; }
figure svg text { white-space: pre; }
figcaption { color: var(--soft); font-size: 0.875rem; line-height: 1.45; margin-top: 0.5rem; }
details { margin: 1rem 0; border: 1px solid var(--line); border-radius: 6px; padding: 0 1rem; }
summary { cursor: pointer; padding: 0.6rem 0; font-weight: 500; }
pre {
  background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: 0.8rem 1rem;
  overflow-x: auto; font: 0.8125rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
}
.glossary { display: grid; grid-template-columns: minmax(9rem, auto) 1fr; gap: 0.4rem 1.5rem; font-size: 0.9375rem; }
.glossary dt { font-weight: 600; }
.glossary dd { margin: 0; color: var(--soft); max-width: 40rem; }
footer { margin-top: 3rem; border-top: 1px solid var(--line); color: var(--soft); font-size: 0.8125rem; }
@media (max-width: 34rem) {
  main { padding: 1.5rem 1rem 3rem; }
  /* Words of a table keep a width that reads; the table scrolls. */
  .scroll td:not(.end) { min-width: 11rem; }
  .scroll .facts th { min-width: 7.5rem; }
  .glossary { grid-template-columns: 1fr; gap: 0.1rem; }
  .glossary dd { margin-bottom: 0.6rem; }
}
@media print {
  @page { margin: 16mm 14mm; }
  body { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  nav { display: none; }
  h1 { font-size: 18pt; }
  h2 { margin-top: 1.5rem; break-after: avoid; }
  .figures { gap: 1rem 1.5rem; }
  figure.half { width: 47% !important; }
  caption, thead, thead tr { break-after: avoid; }
  figure, tr, .notice, .headline { break-inside: avoid; }
  thead { display: table-header-group; }
  .scroll, pre { overflow: visible; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  details::details-content { content-visibility: visible; display: block; block-size: auto; }
  .headlines, .headline, .notice { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
