// Runs the program in a page.
import { learn } from "./program.ts";
import { sendBack } from "./send-back.ts";

await sendBack(learn());
