// Reads every ONNX model below a folder and writes it to the same place below another, for check-round-trip.py.
// node --conditions=roentgen-source test/onnx/file/expected/rewrite-models.ts ../shared/data/onnx /tmp/rewritten

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { decodeModel, encodeModel } from "../../../../src/onnx/index.ts";

const [from, to] = process.argv.slice(2);
const paths = readdirSync(from, { recursive: true, encoding: "utf8" }).filter((path) =>
  path.endsWith(".onnx"),
);
for (const path of paths) {
  const target = join(to, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, encodeModel(decodeModel(readFileSync(join(from, path)))));
}
console.log(`${paths.length} models`);
