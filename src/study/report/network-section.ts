// The part of a report on what was trained and how.

import type { NetworkSummary } from "./image-study.ts";
import type { Block, Section } from "./report.ts";

export function networkSection({ facts, augmentation }: NetworkSummary): Section {
  const blocks: Block[] = [{ kind: "facts", facts }];
  if (augmentation.length > 0) {
    blocks.push({
      kind: "details",
      summary: `Random changes of the images learnt from (${augmentation.length})`,
      blocks: [{ kind: "code", text: JSON.stringify(augmentation, null, 2) }],
    });
  }
  return { title: "The network", blocks };
}
