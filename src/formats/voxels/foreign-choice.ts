// Choices of geometry that belong to another format.

import { RoentgenError } from "../../base/index.ts";
import type { GeometryChoice } from "../images/stated-geometry.ts";

/** @throws RoentgenError "bad-option" for a transform that only NIfTI has */
export function refuseForeignChoice(choice: GeometryChoice, name: string): void {
  if (choice !== "sform" && choice !== "qform") return;
  throw new RoentgenError("bad-option", {
    problem: `Option "geometry" does not fit ${name}`,
    expected: '"stated", "nearest", "axes" or "pixels"',
    found: `"${choice}", which only NIfTI files have`,
    subject: "geometry",
  });
}
