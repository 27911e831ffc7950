// The part of a report on images unlike those that the model learnt from.

import { counted } from "../../base/index.ts";
import { rounded } from "../plots/labels.ts";
import { percent, wholePercent } from "./figure-terms.ts";
import type { ImageStudy, UnusualSummary } from "./image-study.ts";
import type { Section } from "./report.ts";

export function unusualSection({ unusual }: Pick<ImageStudy, "unusual">): Section | undefined {
  if (!unusual) return undefined;
  const reading =
    "Each image gets a distance: how far its features lie from those of the images learnt from (Mahalanobis). What the model says of an image far away means little.";
  return {
    title: "Images unlike those it learnt from",
    blocks: [{ kind: "prose", text: `${reading} ${found(unusual)}` }],
  };
}

function found({ usual, threshold, thresholdMissingBecause, above, of }: UnusualSummary): string {
  if (threshold === null) {
    const why = thresholdMissingBecause ? `: ${thresholdMissingBecause}` : "";
    return `From where on an image is unusual could not be said${why}.`;
  }
  const promised = `above ${rounded(threshold)} an image is called unusual, which at most ${wholePercent(1 - usual)} of images like those held out should be`;
  return `Here, ${promised}. Of ${counted(of, "image")} judged on, ${above} (${percent(above / of)}) were.`;
}
