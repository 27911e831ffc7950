// The part of a report that shows images with what the model looked at.

import { counted } from "../../base/index.ts";
import type { GallerySummary, ImageStudy } from "./image-study.ts";
import type { Block, Notice, Section } from "./report.ts";

export function gallerySection({ gallery }: Pick<ImageStudy, "gallery">): Section | undefined {
  if (!gallery || countPictures(gallery) === 0) return undefined;
  const blocks = gallery.groups.flatMap(({ title, pictures }): Block[] => {
    if (pictures.length === 0) return [];
    return [
      { kind: "prose", text: `${title} (${pictures.length})` },
      { kind: "pictures", pictures },
    ];
  });
  return {
    title: "What it looked at",
    blocks: [{ kind: "prose", text: gallery.reading }, ...blocks],
  };
}

/** Who passes the report on should know what is in it. */
export function galleryNotices({ gallery }: Pick<ImageStudy, "gallery">): Notice[] {
  const count = gallery ? countImages(gallery) : 0;
  if (count === 0) return [];
  const text = `It shows ${counted(count, "image")} of the data with their names. Pass it on only to those who may see the data; “--gallery 0” leaves them out.`;
  return [{ level: "note", title: "This report holds images", text }];
}

function countImages({ groups }: GallerySummary): number {
  const below = groups.flatMap(({ pictures }) =>
    pictures.map(({ below: one }) => one?.images ?? 0),
  );
  return countPictures({ groups }) + below.reduce((sum, images) => sum + images, 0);
}

function countPictures({ groups }: Pick<GallerySummary, "groups">): number {
  return groups.reduce((sum, { pictures }) => sum + pictures.length, 0);
}
