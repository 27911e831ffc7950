// Explains in a page.
import { explainPatches } from "./explanations.ts";
import { sendBack } from "./send-back.ts";

await sendBack(explainPatches());
