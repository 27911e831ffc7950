// Which of several arrays in a .mat or .npz are features, labels, groups and names, as a person would tell:
// by their names first, by their shapes then.

import { RoentgenError, type Tensor } from "../../base/index.ts";
import type { NamedTensor } from "../../formats/index.ts";

/** What is looked for in a file: features only, labels only, or both together. */
export type FileRole = "features" | "labels" | "both";

/** Which arrays of a file are features, labels and groups. */
export interface GuessedVariables {
  readonly features?: NamedTensor;
  readonly labels?: NamedTensor;
  /** Patient or other group of each row. */
  readonly groups?: NamedTensor;
  readonly featureNames?: readonly string[];
  /** What was chosen and why, a sentence each. */
  readonly notes: readonly string[];
}

/** From the surest to the vaguest; a name counts in any case and with any punctuation. */
const NAMES = {
  features: words(
    "features feature x data xtrain trainx xdata traindata trainfeatures featurematrix inputs input " +
      "measurements predictors radiomics samples xall arr0",
  ),
  labels: words(
    "labels label y target targets diagnosis diagnoses class classes outcome outcomes ytrain trainy " +
      "trainlabels ydata truth groundtruth gt response malignant malignancy severity t yall arr1",
  ),
  groups: words(
    "patientid patientids patient patients subject subjects subjectid subjectids pid group groups",
  ),
  featureNames: words(
    "featurenames featurename names columns columnnames variablenames varnames predictornames",
  ),
};

/**
 * Finds the arrays of a role.
 * @param role "labels" for a file that holds labels beside a file of features
 * @throws RoentgenError "value-missing" where nothing fits, "value-invalid" where several arrays fit equally well;
 *   both list what there is with shapes
 */
export function guessVariables(
  arrays: readonly NamedTensor[],
  role: FileRole = "both",
): GuessedVariables {
  const notes: string[] = [];
  if (role === "labels") return { labels: chooseLabels(arrays, undefined, notes), notes };
  const named = byName(arrays, "labels", isVector);
  const features = chooseFeatures(
    arrays.filter((array) => array !== named),
    notes,
  );
  const others = arrays.filter((array) => array !== features);
  const groups = byName(others, "groups", isVector);
  const names = byName(others, "featureNames", ({ dtype }) => dtype === "string");
  const left = others.filter((array) => array !== groups && array !== names);
  const labels = role === "both" ? chooseLabels(left, features.tensor, notes) : undefined;
  const featureNames = names && stringsOf(names.tensor);
  return {
    features,
    ...(labels && { labels }),
    ...(groups && { groups }),
    ...(featureNames && { featureNames }),
    notes,
  };
}

function chooseFeatures(arrays: readonly NamedTensor[], notes: string[]): NamedTensor {
  const named = byName(arrays, "features", isNumericTable);
  if (named) return noted(named, "features", "name", notes);
  const tables = arrays.filter(({ tensor }) => isNumericTable(tensor));
  const matrices = tables.filter(
    ({ tensor }) => arrays.length === 1 || (tensor.shape.length === 2 && !tensor.shape.includes(1)),
  );
  if (matrices.length === 1) return noted(matrices[0], "features", "shape", notes);
  throw unclear("features", matrices, arrays);
}

function chooseLabels(
  arrays: readonly NamedTensor[],
  features: Tensor | undefined,
  notes: string[],
): NamedTensor {
  const named = byName(arrays, "labels", (tensor) => tensor.shape.length <= 2);
  if (named) return noted(named, "labels", "name", notes);
  const fits = ({ tensor }: NamedTensor) =>
    isVector(tensor) && (!features || features.shape.includes(lengthOf(tensor)));
  const vectors = arrays.filter(fits);
  if (vectors.length === 1) return noted(vectors[0], "labels", "shape", notes);
  // A file given for its labels that holds a single matrix: one column of each class, perhaps.
  if (!features && arrays.length === 1 && arrays[0].tensor.shape.length === 2) return arrays[0];
  throw unclear("labels", vectors, arrays);
}

function noted(array: NamedTensor, role: string, reason: string, notes: string[]): NamedTensor {
  notes.push(`Took ${describe(array)} for the ${role}, by its ${reason}.`);
  return array;
}

/** The array with the surest name among those that suit. */
function byName(
  arrays: readonly NamedTensor[],
  role: keyof typeof NAMES,
  suits: (tensor: Tensor) => boolean,
): NamedTensor | undefined {
  for (const name of NAMES[role]) {
    const found = arrays.find((array) => squash(array.name) === name && suits(array.tensor));
    if (found) return found;
  }
  return undefined;
}

function unclear(
  role: string,
  candidates: readonly NamedTensor[],
  arrays: readonly NamedTensor[],
): RoentgenError {
  const none = candidates.length === 0;
  return new RoentgenError(none ? "value-missing" : "value-invalid", {
    problem: none
      ? `Cannot find the ${role} among the arrays`
      : `Cannot tell which array holds the ${role}`,
    found: (none ? arrays : candidates).map(describe).join(", ") || "no arrays",
    remedy: `Name one "${role}", or say which it is.`,
    subject: role,
  });
}

/** "X [569, 30] float64" */
function describe({ name, tensor }: NamedTensor): string {
  return `${name} [${tensor.shape.join(", ")}] ${tensor.dtype}`;
}

function isNumericTable({ dtype, shape }: Tensor): boolean {
  return (
    dtype !== "string" && !dtype.startsWith("complex") && (shape.length === 1 || shape.length === 2)
  );
}

/** N, N × 1 or 1 × N, of more than one element. */
function isVector({ dtype, shape }: Tensor): boolean {
  const long = shape.filter((length) => length !== 1);
  return shape.length <= 2 && long.length === 1 && !dtype.startsWith("complex");
}

function lengthOf({ shape }: Tensor): number {
  return shape.reduce((longest, length) => Math.max(longest, length), 1);
}

function stringsOf({ data, shape, strides }: Tensor): string[] {
  const axis = shape.findIndex((length) => length > 1);
  const step = axis < 0 ? 1 : strides[axis];
  return Array.from({ length: axis < 0 ? 1 : shape[axis] }, (_, i) =>
    String(data[i * step]).trim(),
  );
}

function squash(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

function words(list: string): readonly string[] {
  return list.split(" ");
}
