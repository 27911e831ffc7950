// Classes without images: a folder that is empty, or a class that one side of the split lacks.

import { listSubfolders } from "#files";
import type { DatasetProblem, ImageSample } from "../image-dataset.ts";
import { problemOf } from "../problem.ts";
import type { ClassNames } from "./class-names.ts";
import type { FoundClasses } from "./find-classes.ts";
import type { ListedFile } from "./list-images.ts";
import { isMaskFolder } from "./masks.ts";
import { sideOfName } from "./side-names.ts";

export async function findEmptyClasses(
  root: string,
  { parents }: FoundClasses,
  {
    names,
    images,
    samples,
  }: {
    names: ClassNames;
    images: readonly ListedFile[];
    samples: readonly ImageSample[];
  },
): Promise<DatasetProblem[]> {
  const filled = new Set(
    images.flatMap(({ parts }) => parts.map((_, depth) => parts.slice(0, depth).join("/"))),
  );
  const empty: string[] = [];
  for (const parent of parents) {
    for (const folder of await listSubfolders([root, ...parent].join("/"))) {
      const path = [...parent, folder].join("/");
      const isKnown = filled.has(path) || names.numberOf(folder) !== undefined;
      if (!isKnown && !isNoClass(folder)) empty.push(path);
    }
  }
  return [
    ...problemOf("empty-class", "Folders without an image are no classes.", empty),
    ...classesNotOnEverySide(names.classes, samples),
  ];
}

function isNoClass(folder: string): boolean {
  return (
    /^(\.|__MACOSX|@eaDir)/i.test(folder) ||
    isMaskFolder(folder) ||
    sideOfName(folder) !== undefined
  );
}

function classesNotOnEverySide(
  classes: readonly string[],
  samples: readonly ImageSample[],
): DatasetProblem[] {
  const sides = [...new Set(samples.map(({ side }) => side))].filter((side) => side !== undefined);
  return sides.flatMap((side) => {
    const there = new Set(samples.filter((one) => one.side === side).map(({ target }) => target));
    const missing = classes.filter((_, number) => !there.has(number));
    return problemOf("empty-class", `Classes without an image on the ${side} side.`, missing);
  });
}
