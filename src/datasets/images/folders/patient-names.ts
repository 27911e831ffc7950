// Patients that names of folders and files tell: only where they clearly do.

import type { PlacedFile } from "./find-classes.ts";

/** "patient00012", "sub-01", "subject_3": a folder of one person. */
const PATIENT_FOLDER = /^(patient|pat|subject|subj|sub|participant)[ _-]?[a-z]{0,4}[ _-]?\d+$/i;
/** The same at the beginning of a file's name, as "patient12_a.png". */
const PATIENT_FILE = /^((?:patient|subject|participant)[ _-]?\d+|sub-[a-z0-9]+)(?=[ _.-])/i;
/**
 * Kermany et al., "Identifying medical diagnoses and treatable diseases by image-based deep learning", Cell 172 (2018): chest
 * X-rays "person12_bacteria_34", whose numbers begin anew on the test side (its patients are others, as the paper says), and
 * OCT "(disease)-(randomized patient ID)-(image number by this patient)".
 */
const KERMANY_X_RAY = /^(person\d+)_/i;
const KERMANY_OCT = /^(?:CNV|DME|DRUSEN|NORMAL)-(\d+)-\d+/;

/** The patient of an image, in the words of its path; undefined where nothing tells. */
export function patientOfNames({
  parts,
  label,
  side,
}: Pick<PlacedFile, "parts" | "label" | "side">): string | undefined {
  const folders = parts.slice(0, -1).filter((name) => name !== label);
  const folder = folders.find((name) => PATIENT_FOLDER.test(name));
  if (folder) return folder;
  const name = parts.at(-1) ?? "";
  const person = KERMANY_X_RAY.exec(name)?.[1];
  if (person) return side === "test" ? `test ${person}` : person;
  return (PATIENT_FILE.exec(name) ?? KERMANY_OCT.exec(name))?.[1];
}
