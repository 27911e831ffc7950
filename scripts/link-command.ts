// Links node_modules/.bin/roentgen to this checkout, so that `npx roentgen` runs it as an installed one would.
import { mkdirSync, rmSync, symlinkSync } from "node:fs";

// On Windows npx makes its own shim; inside another project's node_modules npm has linked it already.
if (process.platform !== "win32" && !process.cwd().includes("/node_modules/")) {
  mkdirSync("node_modules/.bin", { recursive: true });
  rmSync("node_modules/.bin/roentgen", { force: true });
  symlinkSync("../../bin/roentgen.js", "node_modules/.bin/roentgen");
}
