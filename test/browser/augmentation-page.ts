// Runs the augmentation in a page and leaves what came of it, or why it failed, in the document.
import { augment } from "./augmentation.ts";

document.body.textContent = await augment().then(
  JSON.stringify,
  (error) => `failed: ${error.stack}`,
);
