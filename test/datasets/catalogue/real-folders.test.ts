// Readers on parts of the data sets themselves, where they lie beside the checkout.

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { openFile } from "#files";
import { readPublicCases } from "../../../src/datasets/index.ts";
import { inspectImage } from "../../../src/formats/index.ts";

const hippocampus = fileURLToPath(new URL("../../../../shared/data/hippocampus/", import.meta.url));

describe.skipIf(!existsSync(hippocampus))(
  "the Decathlon's hippocampi (needs ../shared/data)",
  () => {
    it("have cases whose images and masks share a grid", async () => {
      const names = readdirSync(join(hippocampus, "images"));
      const root = mkdtempSync(join(tmpdir(), "roentgen-real-"));
      const task = join(root, "Task04_Hippocampus");
      mkdirSync(task);
      symlinkSync(join(hippocampus, "images"), join(task, "imagesTr"));
      symlinkSync(join(hippocampus, "labels"), join(task, "labelsTr"));
      const description = {
        modality: { "0": "MRI" },
        labels: { "0": "background", "1": "Anterior", "2": "Posterior" },
        training: names.map((name) => ({
          image: `./imagesTr/${name}`,
          label: `./labelsTr/${name}`,
        })),
        test: [],
      };
      writeFileSync(join(task, "dataset.json"), JSON.stringify(description));
      try {
        const { cases, problems } = await readPublicCases("msd-hippocampus", root);
        expect(cases).toHaveLength(names.length);
        expect(problems).toEqual([]);
        const [{ images, masks }] = cases;
        const [image, mask] = [await openFile(images[0]), await openFile(masks[0].path)];
        expect((await inspectImage(mask)).geometry).toEqual((await inspectImage(image)).geometry);
        for (const file of [image, mask]) await file.close();
      } finally {
        rmSync(root, { recursive: true, force: true });
      }
    });
  },
);
