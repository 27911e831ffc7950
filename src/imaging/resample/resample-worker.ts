// A worker of resampling: does parts of a task on arrays that all threads share.

import { runParts, type Task } from "./resample-task.ts";

export default function resampleParts({
  task,
  from,
  to,
}: {
  task: Task;
  from: number;
  to: number;
}): void {
  runParts(task, from, to);
}
