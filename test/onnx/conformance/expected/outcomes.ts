// Makes the table of outcomes of ONNX's backend tests (onnx 1.12, ONNX Runtime 1.30):
// node --conditions=roentgen-source test/onnx/conformance/expected/outcomes.ts

import { writeFileSync } from "node:fs";
import { backendCases } from "../../backend-cases.ts";
import { header, outcomeOf, rowOf } from "../outcome.ts";

const rows = [header];
for (const one of backendCases()) rows.push(rowOf(await outcomeOf(one)));
writeFileSync(new URL("outcomes.csv", import.meta.url), `${rows.join("\n")}\n`);
