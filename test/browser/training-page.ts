// Trains in a page what the server asks for.
import { sendBack } from "./send-back.ts";
import { stateAlongRuns } from "./state.ts";
import { type Lesson, learnLesions } from "./training.ts";

async function learn() {
  const lesson: Lesson = await (await fetch("/lesson.json")).json();
  const learnt = await learnLesions(lesson);
  const state = await stateAlongRuns(lesson.device);
  return { ...learnt, isolated: crossOriginIsolated, state };
}

await sendBack(learn());
