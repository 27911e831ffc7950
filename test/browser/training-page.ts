// Trains in a page what the server asks for.
import { sendBack } from "./send-back.ts";
import { stateAlongRuns } from "./state.ts";
import { type Lesson, learnLesions } from "./training.ts";
import { learnVolumes } from "./volume.ts";

async function learn() {
  const lesson: Lesson = await (await fetch("/lesson.json")).json();
  if (lesson.of === "volumes") return learnVolumes(lesson.device);
  const learnt = await learnLesions(lesson);
  const state = await stateAlongRuns(lesson.device);
  return { ...learnt, isolated: crossOriginIsolated, state };
}

await sendBack(learn());
