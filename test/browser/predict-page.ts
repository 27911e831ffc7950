// Predicts in a page the files that the server lists.
import { fetchImageModel, RoentgenError, readImageFile } from "../../src/browser.ts";
import { sendBack } from "./send-back.ts";

async function predictAll() {
  const names: string[] = await (await fetch("/names.json")).json();
  const model = await fetchImageModel("/model.roentgen", { threads: 1 });
  const images = [];
  for (const name of names) {
    const blob = await (await fetch(`/${name}`)).blob();
    images.push(await readImageFile(new File([blob], name)));
  }
  const predictions = await model.predict(images);
  const altered = fetchImageModel("/altered.roentgen").catch((error: unknown) =>
    error instanceof RoentgenError ? error.code : `${error}`,
  );
  const absent = fetchImageModel("/absent.roentgen").catch((error: Error) => error.message);
  return { predictions, altered: await altered, absent: await absent };
}

await sendBack(predictAll());
