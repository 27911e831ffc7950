// The part of a report that runs the study again.

import type { Section } from "./report.ts";

/** Settings that run the study again, as in config.json. */
export function configurationSection(config: unknown): Section {
  return {
    title: "Settings",
    blocks: [
      {
        kind: "details",
        summary: "All settings, defaults included; given again they give the same",
        blocks: [{ kind: "code", text: JSON.stringify(config, null, 2) ?? "" }],
      },
    ],
  };
}
