// Runs the program in a page and leaves what it found, or why it failed, in the document.
import { learn } from "./program.ts";

document.body.textContent = await learn().then(JSON.stringify, (error) => `failed: ${error.stack}`);
