// Runs the example of prediction in a page: a file is chosen as a person would, and what is shown is sent back.
import { sendBack } from "./send-back.ts";

async function shown(): Promise<string> {
  document.body.innerHTML = '<input id="file" type="file" disabled><pre id="answer"></pre>';
  // @ts-expect-error An example is plain JavaScript, as its readers write it.
  await import("../../examples/predict-in-the-browser.js");
  const input = document.querySelector("#file") as HTMLInputElement;
  if (input.disabled) throw new Error("The page takes no file.");
  const chosen = new DataTransfer();
  const blob = await (await fetch("/film.png")).blob();
  chosen.items.add(new File([blob], "film.png"));
  input.files = chosen.files;
  const answer = document.querySelector("#answer") as HTMLElement;
  const changed = new Promise((resolve) => {
    new MutationObserver(resolve).observe(answer, { childList: true });
  });
  input.dispatchEvent(new Event("change"));
  await changed;
  return answer.textContent ?? "";
}

await sendBack(shown());
