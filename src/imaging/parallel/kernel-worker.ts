// The module that the room's worker threads run: one stretch of one kernel.

import { type KernelName, kernels, type Stretch } from "./kernels.ts";

export interface KernelOrder {
  readonly name: KernelName;
  readonly task: Stretch;
}

export default function runStretch({ name, task }: KernelOrder): void {
  (kernels[name] as (task: Stretch) => void)(task);
}
