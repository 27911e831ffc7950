// The order of classes. Of two classes the second is the positive one, so the clinical finding goes there.

import { RoentgenError } from "../../base/index.ts";

const POSITIVE = new Set(
  (
    "malignant malignancy positive pos yes y true t 1 disease diseased case cases abnormal present patient " +
    "patients cancer carcinoma tumour tumor lesion sick ill affected infected covid pneumonia recurrence " +
    "relapse progression death dead died deceased event responder response high highrisk fracture " +
    "metastasis metastatic pathological invasive"
  ).split(" "),
);

const NEGATIVE = new Set(
  (
    "benign negative neg no n false f 0 -1 control controls normal absent healthy none nofinding nofindings " +
    "unaffected uninfected alive survived survivor censored noevent stable low lowrisk nonresponder background"
  ).split(" "),
);

/** Codes that only mean something beside each other: [negative, positive]. */
const PAIRS = [
  ["b", "m"],
  ["n", "p"],
  ["hc", "pat"],
];

/**
 * Orders class names: numbers by value, text by its characters; of two classes the clinically positive one
 * (malignant, positive, yes, true, 1, disease, case, abnormal … over benign, negative, no, false, 0,
 * control, normal …) comes second where the names tell.
 * @returns the order, and whether it was the meaning of the names that decided it
 */
export function orderClasses(names: Iterable<string>): { classes: string[]; meaningful: boolean } {
  const classes = sortNames([...names]);
  if (classes.length !== 2) return { classes, meaningful: false };
  // Codes count upwards (0 and 1, −1 and 1, but 1 and 2 as well).
  if (classes.every(isNumber)) return { classes, meaningful: NEGATIVE.has(classes[0]) };
  const [a, b] = classes.map((name) => name.toLowerCase().replace(/[\s_.]+/g, ""));
  const lean = PAIRS.some(([negative, positive]) => a === negative && b === positive)
    ? 1
    : PAIRS.some(([negative, positive]) => b === negative && a === positive)
      ? -1
      : positivity(b, a) - positivity(a, b);
  return { classes: lean < 0 ? classes.reverse() : classes, meaningful: lean !== 0 };
}

/** 1 for a finding, −1 for its absence, 0 where the name does not tell. */
function positivity(name: string, other: string): number {
  const bare = name.replace(/^-(?!\d)/, "");
  if (NEGATIVE.has(bare)) return -1;
  if (POSITIVE.has(bare)) return 1;
  // "non-responder" beside "responder", "no tumour" beside "tumour"
  return /^(non?|not|without)-?/.test(name) && name.endsWith(other) ? -1 : 0;
}

function sortNames(names: string[]): string[] {
  return names.every(isNumber)
    ? names.sort((a, b) => Number(a) - Number(b))
    : names.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function isNumber(name: string): boolean {
  return name.trim() !== "" && Number.isFinite(Number(name));
}

/**
 * Refuses names that are one class written in two ways ("Benign", "benign ").
 * @throws RoentgenError "value-invalid"
 */
export function checkSpellings(names: Iterable<string>, column: string): void {
  const spellings = new Map<string, string>();
  for (const name of names) {
    const key = name.trim().toLowerCase();
    const other = spellings.get(key);
    if (other !== undefined) {
      throw new RoentgenError("value-invalid", {
        problem: `Column "${column}" writes one class in two ways`,
        found: `"${other}" and "${name}"`,
        remedy: "Spell the class alike in every row.",
        subject: column,
      });
    }
    spellings.set(key, name);
  }
}
