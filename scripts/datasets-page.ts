// The page on public data sets, docs/public-datasets.md, from the catalogue itself.

import { type PublicDataset, publicDatasets } from "../src/datasets/index.ts";

/** The text of docs/public-datasets.md. */
export const datasetsPage: string = `# Public data sets

\`roentgen datasets\` lists them, \`roentgen datasets <name>\` shows one, \`--download\` fetches those that lie openly on a server,
\`--read <folder>\` turns a downloaded folder into a manifest. In programs: \`publicDatasets\`, \`downloadDataset\`,
\`readPublicDataset\` (images with labels), \`readPublicCases\` (scans with masks or marks), \`writeManifest\`.

Licences are those that the owners state; where none was found, the page is named. Follow them, and cite the papers.
Checksums and addresses are those that their publishers or the projects that use them daily give; nothing else is downloaded.
Readers look for files by their names, wherever archives were unpacked to, and count what is missing.
Written by \`scripts/list-datasets.ts\`.

| name | what it shows | task | licence | read as | download |
|---|---|---|---|---|---|
${publicDatasets.map(row).join("\n")}

${publicDatasets.filter(isFirstOfItsKind).map(section).join("\n\n")}
`;

function row(dataset: PublicDataset): string {
  const { name, modality, region, task, licence, access, downloads = [] } = dataset;
  const parts = downloads.map((one) => one.name).join(", ");
  const got = parts === "" ? access : `\`--download\` (${parts})`;
  const reads = [dataset.readImages && "images", dataset.readCases && "cases"].filter(Boolean);
  return `| \`${name}\` | ${modality}, ${region} | ${task} | ${licence.name} | ${reads.join(", ")} | ${got} |`;
}

/** The ten tasks of the Decathlon and the parts of MedMNIST differ by name alone. */
function isFirstOfItsKind({ citation }: PublicDataset, at: number): boolean {
  const first = publicDatasets.findIndex((other) => other.citation.title === citation.title);
  return first === at || !/Decathlon|MedMNIST/.test(citation.title);
}

function section(dataset: PublicDataset): string {
  const { title, name, size, citation, url, steps, layout, caveats = [], options } = dataset;
  const { authors, source, year, doi } = citation;
  const rules: Record<string, { description?: string }> = options.shape as object as never;
  const settings = Object.entries(rules).map(
    ([option, { description }]) => `\`${option}\`: ${description}`,
  );
  return `## ${title}

\`${name}\`. ${size}. <${url}>

${list(steps)}

${authors.replace(/\.$/, "")}. ${citation.title}. ${source}, ${year}.${doi ? ` <https://doi.org/${doi}>` : ""}

\`\`\`
${layout.join("\n")}
\`\`\`${settings.length > 0 ? `\n\nOptions: ${settings.join("; ")}.` : ""}${caveats.length > 0 ? `\n\nMind:\n\n${list(caveats)}` : ""}`;
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join("\n");
}
