// Opens a bundle in a page and predicts the file that is chosen. To see it: node examples/serve.js predict run/model.roentgen
import { fetchImageModel, readImageFile } from "roentgen/browser";

const input = document.querySelector("#file");
const model = await fetchImageModel("model.roentgen");
input.addEventListener("change", async () => {
  const image = await readImageFile(input.files[0]);
  const [prediction] = await model.predict([image]);
  document.querySelector("#answer").textContent = JSON.stringify(prediction, undefined, 2);
});
input.disabled = false;
