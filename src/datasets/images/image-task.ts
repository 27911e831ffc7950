// What is to be learnt of images, as a caller may say it.

import { oneOf } from "../../base/index.ts";

/** "auto" takes what the labels look like. */
export const imageTask = () =>
  oneOf("auto", "classes", "grades", "labels", "number").default("auto");

export type ImageTask = "auto" | "classes" | "grades" | "labels" | "number";
