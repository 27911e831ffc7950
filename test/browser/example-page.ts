// Runs the example in a page; its last word is the page's title.
import { sendBack } from "./send-back.ts";

async function lastWord(): Promise<string> {
  document.body.append(Object.assign(document.createElement("pre"), { id: "log" }));
  // @ts-expect-error An example is plain JavaScript, as its readers write it.
  await import("../../examples/train-in-the-browser.js");
  return document.title;
}

await sendBack(lastWord());
