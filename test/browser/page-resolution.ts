// How scripts of pages are put together from the sources, before there is a build.

import { join } from "node:path";
import type { InputOptions } from "rolldown";

const source = join(import.meta.dirname, "../../src");

/** The package and the browser's side of its imports are in the sources. */
export const pageResolution: InputOptions = {
  platform: "browser",
  // dcmjs-codecs has an `eval` that is never run.
  checks: { eval: false },
  resolve: {
    alias: {
      "roentgen/browser": join(source, "browser.ts"),
      ...Object.fromEntries(
        ["base", "networks", "onnx"].map((room) => [
          `roentgen/${room}`,
          join(source, room, "index.ts"),
        ]),
      ),
      "#workers": join(source, "base/workers-browser.ts"),
      "#files": join(source, "base/files-browser.ts"),
      "#session": join(source, "onnx/session-browser.ts"),
      "#compression": join(source, "formats/compression/gzip-browser.ts"),
      "#pictures": join(source, "formats/raster/pictures-browser.ts"),
      "#codecs": join(source, "formats/dicom/pixels/codec-bytes-browser.ts"),
    },
  },
};
