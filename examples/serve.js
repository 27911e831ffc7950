// Bundles examples/train-in-the-browser.js and serves it on http://localhost:8080, with ONNX Runtime's files beside it and
// the two headers that give a page threads. In a clone, after `npm run build`: node examples/serve.js
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { basename, extname, join } from "node:path";
import { rolldown } from "rolldown";

const here = import.meta.dirname;
const bundle = await rolldown({
  input: join(here, "train-in-the-browser.js"),
  platform: "browser",
  checks: { eval: false },
});
const { output } = await bundle.generate({ format: "esm", codeSplitting: false });

const types = { ".html": "text/html", ".mjs": "text/javascript", ".wasm": "application/wasm" };

/** What a path of the page stands for; undefined where it stands for nothing. */
async function contentOf(path) {
  if (path === "/") return readFile(join(here, "train-in-the-browser.html"));
  if (path === "/train-in-the-browser.bundle.js") return output[0].code;
  if (!path.startsWith("/onnxruntime/")) return undefined;
  const runtime = join(here, "../node_modules/onnxruntime-web/dist", basename(path));
  return readFile(runtime).catch(() => undefined);
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
