// What the codecs of pictures give that differ between Node and browser (package import #pictures).

import type { Picture } from "./picture.ts";

export type PictureKind = "jpeg" | "webp" | "gif";

export interface DecodedPicture {
  readonly picture: Picture<Uint8Array>;
  readonly header: Readonly<Record<string, string | number | boolean>>;
  /** What the reader should know, as sentences. */
  readonly notes: readonly string[];
}
