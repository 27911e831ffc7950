// Runs the augmentation in a page.
import { augment } from "./augmentation.ts";
import { sendBack } from "./send-back.ts";

await sendBack(augment());
