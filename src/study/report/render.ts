// Renders a report as one HTML file that needs no network and no JavaScript and reads well in light,
// dark and print.

import { base64, RoentgenError } from "../../base/index.ts";
import { escapeHtml, escapeProse } from "./escape.ts";
import { isPlainDrawing } from "./plain-drawing.ts";
import type {
  Block,
  Fact,
  Lead,
  Notice,
  PngPicture,
  Report,
  ReportFigure,
  ReportPicture,
  ReportTable,
  Section,
  Term,
} from "./report.ts";
import { styleSheet } from "./style.ts";

/** Even if something slipped through escaping, the page may load and run nothing. */
const POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/**
 * The report as a complete HTML document. All text is escaped; figures must be SVG as the plot functions
 * draw it.
 * @throws RoentgenError "value-invalid" for a figure that holds a script, a link or a style sheet
 */
export function renderReport(report: Report): string {
  const notices = [...report.notices].sort((a, b) => rank(a) - rank(b));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Roentgen">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${escapeHtml(report.title)}</title>
<style>
${styleSheet}</style>
</head>
<body>
<main>
<header>
<h1>${escapeHtml(report.title)}</h1>
${report.subtitle ? `<p class="subtitle">${escapeHtml(report.subtitle)}</p>` : ""}
</header>
${renderLead(report.lead)}
${notices.map(renderNotice).join("\n")}
${renderContents(report)}
${report.sections.map(renderSection).join("\n")}
${renderProvenance(report.provenance)}
${renderGlossary(report.glossary)}
<footer>
<p>Written by Roentgen. For research and teaching; it is no medical device.</p>
</footer>
</main>
</body>
</html>
`;
}

const rank = ({ level }: Notice): number => (level === "warning" ? 0 : 1);

function renderLead({ summary, figures }: Lead): string {
  const items = figures.map(
    ({ label, value, interval, note }) => `<div class="headline">
<dt>${escapeHtml(label)}</dt>
<dd><span class="value">${escapeHtml(value)}</span>${
      interval ? `<span class="interval">${escapeHtml(interval)}</span>` : ""
    }${note ? `<span class="note">${escapeProse(note)}</span>` : ""}</dd>
</div>`,
  );
  return `<section class="lead" aria-label="Summary">
${paragraphs(summary)}
${items.length > 0 ? `<dl class="headlines">\n${items.join("\n")}\n</dl>` : ""}
</section>`;
}

function renderNotice({ level, title, text }: Notice): string {
  const word = level === "warning" ? "Warning" : "Note";
  return `<aside class="notice ${level}" role="note">
<p class="notice-title"><span class="notice-level">${word}</span> ${escapeHtml(title)}</p>
${paragraphs(text)}
</aside>`;
}

function renderContents({ sections, provenance, glossary }: Report): string {
  if (sections.length < 3) return "";
  const links = sections.map(
    ({ title }, index) => `<li><a href="#section-${index + 1}">${escapeHtml(title)}</a></li>`,
  );
  if (provenance.length > 0) links.push('<li><a href="#provenance">Provenance</a></li>');
  if (glossary.length > 0) links.push('<li><a href="#glossary">What the figures mean</a></li>');
  return `<nav aria-label="Contents"><ul>${links.join("")}</ul></nav>`;
}

function renderSection({ title, blocks }: Section, index: number): string {
  return `<section id="section-${index + 1}">
<h2>${escapeHtml(title)}</h2>
${blocks.map(renderBlock).join("\n")}
</section>`;
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case "prose":
      return paragraphs(block.text);
    case "facts":
      return renderFacts(block.facts);
    case "table":
      return renderTable(block);
    case "figures":
      return `<div class="figures">\n${block.figures.map(renderFigure).join("\n")}\n</div>`;
    case "pictures":
      return `<div class="figures pictures">\n${block.pictures.map(renderPicture).join("\n")}\n</div>`;
    case "details":
      return `<details>
<summary>${escapeHtml(block.summary)}</summary>
${block.blocks.map(renderBlock).join("\n")}
</details>`;
    case "code":
      return `<pre><code>${escapeHtml(block.text)}</code></pre>`;
    default:
      return block satisfies never;
  }
}

function paragraphs(text: string): string {
  return text
    .split(/\n{2,}/)
    .filter((paragraph) => paragraph.trim() !== "")
    .map((paragraph) => `<p>${escapeProse(paragraph.trim())}</p>`)
    .join("\n");
}

function renderFacts(facts: readonly Fact[]): string {
  const rows = facts.map(
    ({ label, value }) =>
      `<tr><th scope="row">${escapeHtml(label)}</th><td>${escapeHtml(value)}</td></tr>`,
  );
  return `<div class="scroll"><table class="facts"><tbody>\n${rows.join("\n")}\n</tbody></table></div>`;
}

function renderTable({ caption, columns, rows }: ReportTable): string {
  const place = (index: number) => (columns[index]?.align === "end" ? ' class="end"' : "");
  const head = columns.map(
    ({ label }, index) => `<th scope="col"${place(index)}>${escapeHtml(label)}</th>`,
  );
  const body = rows.map(
    (row) =>
      `<tr>${row
        .map((cell, index) =>
          index === 0
            ? `<th scope="row"${place(index)}>${escapeHtml(cell)}</th>`
            : `<td${place(index)}>${escapeHtml(cell)}</td>`,
        )
        .join("")}</tr>`,
  );
  return `<div class="scroll"><table>
<caption>${escapeHtml(caption)}</caption>
<thead><tr>${head.join("")}</tr></thead>
<tbody>
${body.join("\n")}
</tbody>
</table></div>`;
}

function renderFigure({ svg, caption }: ReportFigure): string {
  if (!isPlainDrawing(svg)) {
    throw new RoentgenError("value-invalid", {
      problem: `Cannot put the figure "${caption}" into the report`,
      expected: "a drawing as the plot functions make it",
      found: "a script, a link or a style sheet inside the SVG",
    });
  }
  // The caption is as wide as the drawing; on paper small ones stand side by side.
  const width = Number(svg.match(/\swidth="(\d+)"/)?.[1] ?? 400);
  return `<figure${width <= 460 ? ' class="half"' : ""} style="width: ${width}px">\n${svg}\n<figcaption>${escapeProse(caption)}</figcaption>\n</figure>`;
}

/** The bytes travel in the page, so that it needs no other file. */
function renderPicture({ title, lines, below, ...picture }: ReportPicture): string {
  const said = lines.map((line) => `<br>${escapeProse(line)}`).join("");
  const others = below ? `\n${renderPng(below, `Below ${title}`)}` : "";
  return `<figure style="width: ${picture.width}px">
${renderPng(picture, title)}${others}
<figcaption><b>${escapeHtml(title)}</b>${said}</figcaption>
</figure>`;
}

function renderPng({ png, width, height }: PngPicture, alt: string): string {
  return `<img src="data:image/png;base64,${base64(png)}" width="${width}" height="${height}" alt="${escapeHtml(alt)}">`;
}

function renderProvenance(facts: readonly Fact[]): string {
  if (facts.length === 0) return "";
  return `<section id="provenance">
<h2>Provenance</h2>
${renderFacts(facts)}
</section>`;
}

function renderGlossary(terms: readonly Term[]): string {
  if (terms.length === 0) return "";
  const items = terms.map(
    ({ term, meaning }) => `<dt>${escapeHtml(term)}</dt><dd>${escapeHtml(meaning)}</dd>`,
  );
  return `<section id="glossary">
<h2>What the figures mean</h2>
<dl class="glossary">
${items.join("\n")}
</dl>
</section>`;
}
