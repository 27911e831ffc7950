// Columns that name rows rather than measure them: patient ids, accession numbers, row numbers.

import type { Column } from "../../base/index.ts";

/** Words that make a column name an identifier's, after splitting it at punctuation and case. */
const IDENTIFIER_WORDS = new Set(
  "id ids uid uuid guid mrn accession identifier filename filepath path".split(" "),
);

/** Whole names (letters and digits only, lower case) of row numbers and the like. */
const IDENTIFIER_NAMES =
  /^(unnamed\d*|index|rowindex|rownumber|rowname|rowid|patient|patientname|subject|participant|mrn|\w*(patient|subject|study|series|sample|image|case|lesion|scan)(id|no|nr|number|uid))$/;

/** Whole names of the person that a row belongs to. */
const PERSON_NAMES =
  /^(patient|subject|participant|person|mrn)(s|id|ids|no|nr|number|uid|code|key|name)?$|^(pid|ptid|anonymizedpatientid)$/;

/** Whether a name says that the column identifies rows. */
export function namesIdentifier(name: string): boolean {
  return (
    wordsOf(name).some((word) => IDENTIFIER_WORDS.has(word)) || IDENTIFIER_NAMES.test(squash(name))
  );
}

/** Whether a name says that the column identifies patients. */
export function namesPerson(name: string): boolean {
  return PERSON_NAMES.test(squash(name));
}

/** Whether the values count the rows: n, n + 1, n + 2, …, as an index column written to a file does. */
export function countsRows({ values, kind }: Column): boolean {
  if (kind === "text" || values.length < 3) return false;
  for (let row = 1; row < values.length; row++) {
    if ((values[row] as number) - (values[row - 1] as number) !== 1) return false;
  }
  return Number.isInteger(values[0]);
}

/** "PatientID_2" → patient, id, 2. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/);
}

/** Letters and digits only, in lower case: what spellings of a column's name have in common. */
export function squash(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}
