// Provenance as rows of a table.

import type { Fact } from "./report.ts";
import type { TableStudy } from "./table-study.ts";

export function provenanceFacts({
  provenance,
  command,
  startedAt,
  endedAt,
}: Pick<TableStudy, "provenance" | "command" | "startedAt" | "endedAt">): Fact[] {
  const { versions, platform, threads, seed, data } = provenance;
  const facts: Fact[] = [];
  const add = (label: string, value: string | undefined) => {
    if (value !== undefined) facts.push({ label, value });
  };
  add("Command", command);
  add("Seed", seed?.toString());
  add("Started", startedAt?.toISOString());
  add("Ended", endedAt?.toISOString());
  add(
    "Versions",
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", "),
  );
  add("Machine", platform);
  add("Threads", threads?.toString());
  for (const { name, bytes, sha256 } of data) {
    add(name, `SHA-256 ${sha256}, ${bytes.toLocaleString("en-US")} bytes`);
  }
  return facts;
}
