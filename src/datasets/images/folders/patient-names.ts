// Patients that names of folders and files tell: only where they clearly do.

import type { PlacedFile } from "./find-classes.ts";

/** "patient00012", "sub-01", "subject_3": a folder of one person. */
const PATIENT_FOLDER = /^(patient|pat|subject|subj|sub|participant)[ _-]?[a-z]{0,4}[ _-]?\d+$/i;
/** The same at the beginning of a file's name, as "patient12_a.png". */
const PATIENT_FILE = /^((?:patient|subject|participant)[ _-]?\d+|sub-[a-z0-9]+)(?=[ _.-])/i;
/**
 * Kermany et al., "Identifying medical diagnoses and treatable diseases by image-based deep learning", Cell 172 (2018): chest
 * X-rays "person12_bacteria_34", whose numbers begin anew on the test side (its patients are others, as the paper says), beside
 * them normal ones, "IM-0115-0001" and "NORMAL2-IM-0427-0001" (other data sets number whatever they like in that way), and
 * OCT "(disease)-(randomized patient ID)-(image number by this patient)".
 */
const KERMANY_PNEUMONIA = /^(person\d+)_/i;
const KERMANY_NORMAL = /^((?:NORMAL2-)?IM-\d+)-/;
const KERMANY_OCT = /^(?:CNV|DME|DRUSEN|NORMAL)-(\d+)-\d+/;

type Named = Pick<PlacedFile, "parts" | "label" | "side">;

/** The patient of each image, in the words of its path; undefined where nothing tells. */
export function patientsOfNames(files: readonly Named[]): (string | undefined)[] {
  const isKermany = files.some((file) => KERMANY_PNEUMONIA.test(fileName(file)));
  return files.map(
    (file) =>
      patientOfFolder(file) ??
      (isKermany ? kermanyPatient(file) : undefined) ??
      patientOfFile(file),
  );
}

/** "person12", "IM-0115" and "NORMAL2-IM-0427" of chest X-rays of Kermany et al., apart for the test side. */
export function kermanyPatient({
  parts,
  side,
}: Pick<PlacedFile, "parts" | "side">): string | undefined {
  const name = fileName({ parts });
  const found = (KERMANY_PNEUMONIA.exec(name) ?? KERMANY_NORMAL.exec(name))?.[1];
  return found && (side === "test" ? `test ${found}` : found);
}

function patientOfFolder({ parts, label }: Named): string | undefined {
  const folders = parts.slice(0, -1).filter((name) => name !== label);
  return folders.find((name) => PATIENT_FOLDER.test(name));
}

function patientOfFile(file: Named): string | undefined {
  const name = fileName(file);
  return (PATIENT_FILE.exec(name) ?? KERMANY_OCT.exec(name))?.[1];
}

function fileName({ parts }: Pick<PlacedFile, "parts">): string {
  return parts.at(-1) ?? "";
}
