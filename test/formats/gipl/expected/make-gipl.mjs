// Makes small GIPL files with ITK, and lets ITK read GIPL files that Roentgen wrote.
//
//   npm install --prefix /tmp/itk @itk-wasm/image-io@1.6.1
//   node make-gipl.mjs /tmp/itk > gipl.json
//   node make-gipl.mjs /tmp/itk read FILE…

import { mkdtempSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const [folder, task, ...files] = process.argv.slice(2);
const from = createRequire(join(folder, "node_modules", "x.js"));
const entry = from.resolve("@itk-wasm/image-io");
const { readImageNode, writeImageNode } = await import(pathToFileURL(entry).href);
const { version } = JSON.parse(
  readFileSync(join(folder, "node_modules/@itk-wasm/image-io/package.json"), "utf8"),
);

/** What ITK reads from a file, in the words of this package. */
async function described(file) {
  const { imageType, size, spacing, origin, data } = await readImageNode(file);
  const values = [...data].map(Number);
  return {
    type: imageType.componentType,
    size: [...size],
    spacing: [...spacing],
    origin: [...origin],
    values,
  };
}

async function make() {
  const arrays = {
    int8: Int8Array,
    uint8: Uint8Array,
    int16: Int16Array,
    uint16: Uint16Array,
    float32: Float32Array,
    float64: Float64Array,
  };
  const scratch = mkdtempSync(join(tmpdir(), "gipl-"));
  const samples = [];
  for (const [type, Voxels] of Object.entries(arrays)) {
    for (const ending of type === "int16" ? ["gipl", "gipl.gz"] : ["gipl"]) {
      const file = join(scratch, `${type}.${ending}`);
      const first = type.startsWith("u") ? 3 : -20;
      const data = Voxels.from(
        { length: 24 },
        (_, at) => first + at * (type.startsWith("f") ? 1.25 : 3),
      );
      const direction = new Float64Array([1, 0, 0, 0, 1, 0, 0, 0, 1]);
      const imageType = { dimension: 3, componentType: type, pixelType: "Scalar", components: 1 };
      await writeImageNode(
        {
          imageType,
          name: type,
          origin: [1.5, -2, 30],
          spacing: [0.5, 0.75, 2],
          direction,
          size: [4, 3, 2],
          metadata: new Map(),
          data,
        },
        file,
      );
      const packed = gzipSync(readFileSync(file)).toString("base64");
      samples.push({ name: `${type}.${ending}`, file: packed, ...(await described(file)) });
    }
  }
  return { made_with: { "@itk-wasm/image-io": version }, samples };
}

const result = task === "read" ? await Promise.all(files.map(described)) : await make();
process.stdout.write(`${JSON.stringify(result, null, 1)}\n`);
