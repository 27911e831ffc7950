// Tags as people read them, and the tags that delimit items (PS3.5 table 7.5-3).

import type { Tag } from "./data-set.ts";
import { lookUpTag } from "./dictionary.ts";

export const ITEM: Tag = 0xfffee000;
export const ITEM_DELIMITER: Tag = 0xfffee00d;
export const SEQUENCE_DELIMITER: Tag = 0xfffee0dd;

/** "(0010,0020)". */
export function formatTag(tag: Tag): string {
  const digits = tag.toString(16).toUpperCase().padStart(8, "0");
  return `(${digits.slice(0, 4)},${digits.slice(4)})`;
}

/** "(0010,0020) PatientID", for messages. */
export function showTag(tag: Tag): string {
  const keyword = lookUpTag(tag)?.keyword;
  return keyword ? `${formatTag(tag)} ${keyword}` : formatTag(tag);
}
