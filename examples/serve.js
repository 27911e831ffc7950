// Bundles an example for pages and serves it on http://localhost:8080, with ONNX Runtime's files beside it and the two headers
// that give a page threads. In a clone, after `npm run build`:
//   node examples/serve.js train
//   node examples/serve.js predict run/model.roentgen
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { basename, extname, join } from "node:path";
import { rolldown } from "rolldown";

const [what = "train", model] = process.argv.slice(2);
const name = `${what}-in-the-browser`;
const here = import.meta.dirname;
const packages = join(here, "../node_modules");
const bundle = await rolldown({
  input: join(here, `${name}.js`),
  platform: "browser",
  checks: { eval: false },
});
const { output } = await bundle.generate({ format: "esm", codeSplitting: false });

const types = { ".html": "text/html", ".mjs": "text/javascript", ".wasm": "application/wasm" };

/** What a path of the page stands for; undefined where it stands for nothing. */
async function contentOf(path) {
  const file = (...parts) => readFile(join(...parts)).catch(() => undefined);
  if (path === "/") return file(here, `${name}.html`);
  if (path === `/${name}.bundle.js`) return output[0].code;
  if (path === "/model.roentgen" && model) return file(model);
  if (path.endsWith("/dcmjs-native-codecs.wasm")) {
    return file(packages, "dcmjs-codecs/build/dcmjs-native-codecs.wasm");
  }
  if (!path.startsWith("/onnxruntime/")) return undefined;
  return file(packages, "onnxruntime-web/dist", basename(path));
}

createServer(async (request, response) => {
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  const content = await contentOf(pathname);
  response.writeHead(content ? 200 : 404, {
    "content-type": types[extname(pathname) || ".html"] ?? "text/javascript",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
  });
  response.end(content);
}).listen(8080, "localhost", () => console.log("Open http://localhost:8080/"));
