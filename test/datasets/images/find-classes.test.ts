// Laws of telling classes, sides and masks from folders, whatever the folders are called.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findClasses } from "../../../src/datasets/images/folders/find-classes.ts";
import { separateMasks } from "../../../src/datasets/images/folders/masks.ts";

const word = fc.constantFrom(
  "a",
  "b",
  "images",
  "masks",
  "train",
  "Testing",
  "val",
  "data",
  "patient1",
  "Ü",
  "test set",
);
const fileName = fc.constantFrom(
  "1.png",
  "1_mask.png",
  "1_mask_2.png",
  "2.png",
  "person1_x.jpeg",
  "mask.png",
);
const trees = fc.uniqueArray(
  fc.tuple(fc.array(word, { maxLength: 4 }), fileName).map(([folders, name]) => [...folders, name]),
  { selector: (parts) => parts.join("/"), minLength: 1, maxLength: 40 },
);
const listed = (tree: readonly string[][]) =>
  tree.map((parts) => ({ path: `/root/${parts.join("/")}`, parts }));

describe("Folders of images", () => {
  it("lose no file and count none twice", () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const files = listed(tree);
        const { files: placed, besideSides, copies } = findClasses(files);
        const paths = [...placed, ...besideSides, ...copies].map(({ path }) => path);
        expect(paths.sort()).toEqual(files.map(({ path }) => path).sort());
        const { images, masksOf, orphans } = separateMasks(placed);
        const masks = [...[...masksOf.values()].flat(), ...orphans.map(({ path }) => path)];
        const parted = [...images.map(({ path }) => path), ...masks];
        expect(parted.sort()).toEqual(placed.map(({ path }) => path).sort());
        for (const path of masksOf.keys()) expect(images.map((one) => one.path)).toContain(path);
      }),
    );
  });

  it("mean the same in a wrapping", () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const plain = findClasses(listed(tree)).files.map(({ label, side }) => [label, side]);
        const hasFolders = tree.some(({ length }) => length > 1);
        fc.pre(hasFolders && tree.every(([first]) => first !== "masks"));
        const wrapped = findClasses(listed(tree.map((parts) => ["wrapping", ...parts]))).files;
        expect(wrapped.map(({ label, side }) => [label, side])).toEqual(plain);
      }),
    );
  });

  it("do not hang on the order in which files are listed", () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const meant = (files: readonly string[][]) =>
          findClasses(listed(files))
            .files.map(({ path, label, side }) => [path, label, side].join())
            .sort();
        expect(meant([...tree].reverse())).toEqual(meant(tree));
      }),
    );
  });
});
