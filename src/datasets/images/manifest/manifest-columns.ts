// Which column of a table is what: the path, the labels, the patient, the side; from what the caller says, else from names and
// values.

import {
  type Column,
  getColumn,
  RoentgenError,
  type Table,
  textValues,
} from "../../../base/index.ts";
import { namesPerson, squash } from "../../view/identifiers.ts";
import { sideOfName } from "../folders/side-names.ts";
import type { ImageFinder } from "./image-finder.ts";

/** Names of columns that a caller gives. */
export interface NamedColumns {
  readonly image?: string;
  /** One column, or several of findings: a list, or one text with commas. */
  readonly target?: string | readonly string[];
  readonly patient?: string;
  readonly side?: string;
  readonly frame?: string;
  readonly weight?: string;
  readonly region?: readonly string[];
}

export interface ManifestColumns {
  readonly image: Column;
  /** One of classes, numbers or findings side by side in one text; several of 0 and 1; none where no column is one. */
  readonly targets: readonly Column[];
  readonly patient?: Column;
  readonly side?: Column;
  readonly frame?: Column;
  readonly weight?: Column;
  readonly region?: readonly Column[];
  readonly masks?: Column;
  /** All others: what images can be told apart by. */
  readonly others: readonly Column[];
}

/**
 * Finds the columns; what was guessed is told in `notes`.
 * @throws RoentgenError "value-missing" where no column names images, or one that the caller names is not there
 */
export function findColumns(
  table: Table,
  named: NamedColumns,
  finder: ImageFinder,
  notes: string[],
): ManifestColumns {
  const taken = new Set<string>();
  const guess = (role: string, wanted: string | undefined, find: () => Column | undefined) => {
    const column = wanted === undefined ? find() : getColumn(table, wanted);
    if (!column) return undefined;
    taken.add(column.name);
    if (wanted === undefined) notes.push(`"${column.name}" is taken for the ${role}.`);
    return column;
  };
  const free = () => table.columns.filter(({ name }) => !taken.has(name));
  const called = (names: RegExp) => () => free().find(({ name }) => names.test(squash(name)));

  const image = guess("image", named.image, () => findImages(table, finder));
  if (!image) throw noImages(table);
  const region = named.region?.map((name) => getColumn(table, name)) ?? regionOf(table);
  for (const { name } of region ?? []) taken.add(name);
  const side = guess("side of the split", named.side, () => free().find(isSide));
  const patient = guess("patient", named.patient, () => patientOf(free()));
  const frame = guess("frame", named.frame, called(/^(frame|frameindex|framenumber|sliceindex)$/));
  const weight = guess("weight", named.weight, called(/^(sample|image|case|instance)weight$/));
  const masks = guess(
    "mask",
    undefined,
    called(/^(mask|maskpath|maskfile|segmentation|segmentationpath)$/),
  );
  const targets = targetsOf(table, named.target, free, notes);
  for (const { name } of targets) taken.add(name);
  const found = { patient, side, frame, weight, region, masks };
  const known = Object.entries(found).filter(([, column]) => column !== undefined);
  return { image, targets, ...Object.fromEntries(known), others: free() };
}

/** Rows that are tried to tell whether a column names files. */
const ROWS_TRIED = 200;

const IMAGE_NAMES =
  /^(path|file|filename|filepath|image|images|img|imagepath|imgpath|imagefile|imagename|imagefilename|imageindex|imageid|idcode|isicid|dicom|dicomid|scan|study|id)$/;

/** The column of which most entries are files; of equals the one that is named for them. */
function findImages(table: Table, finder: ImageFinder): Column | undefined {
  const rated = table.columns.map((column) => {
    const values = textValues(column).filter((value) => value !== null);
    const tried = evenly(values, ROWS_TRIED);
    const found = tried.filter((value) => finder.find(value) !== undefined).length;
    const named = IMAGE_NAMES.test(squash(column.name)) ? 0.05 : 0;
    const isMask = /mask|segmentation/i.test(column.name) ? -0.5 : 0;
    return { column, share: tried.length > 0 ? found / tried.length : 0, bonus: named + isMask };
  });
  const [best] = rated
    .filter(({ share }) => share > 0.1)
    .sort((a, b) => b.share + b.bonus - a.share - a.bonus);
  return best?.column;
}

/** Names that say too little to search a folder for files by them. */
const VAGUE_NAMES = /^(id|study|scan)$/;

/**
 * Whether a table may list images, before a folder is searched for them: a column is called for files, or entries have the
 * ending of one.
 */
export function mayListImages(table: Table): boolean {
  return table.columns.some((column) => {
    const name = squash(column.name);
    if (IMAGE_NAMES.test(name) && !VAGUE_NAMES.test(name)) return true;
    const known = textValues(column).filter((value) => value !== null);
    return evenly(known, ROWS_TRIED).some((value) => IMAGE_ENDING.test(value));
  });
}

const IMAGE_ENDING = /\.(png|jpe?g|tiff?|bmp|webp|gif|dcm|dicom|ima|nii|nii\.gz|nrrd|mh[ad])$/i;

function evenly<T>(values: readonly T[], most: number): T[] {
  const step = Math.max(1, values.length / most);
  return Array.from(
    { length: Math.min(values.length, most) },
    (_, at) => values[Math.floor(at * step)],
  );
}

function isSide(column: Column): boolean {
  if (
    !/^(split|set|subset|partition|side|fold|usage|phase|dataset|datasplit)$/.test(
      squash(column.name),
    )
  ) {
    return false;
  }
  const values = new Set(textValues(column).filter((value) => value !== null));
  return values.size > 0 && [...values].every((value) => sideOfName(value) !== undefined);
}

/** A patient; where there is none, what may have several images all the same. */
function patientOf(columns: readonly Column[]): Column | undefined {
  return (
    columns.find(({ name }) => namesPerson(name)) ??
    columns.find(({ name }) => /^(lesion|study|exam|case)(id|uid)$/.test(squash(name)))
  );
}

/** Only where the names say that it is the part to look at: boxes of findings would give the answer away. */
function regionOf({ columns }: Table): readonly Column[] | undefined {
  const region = ["left", "top", "right", "bottom"].map((edge) =>
    columns.find(({ name }) => new RegExp(`^(region|crop)${edge}$`).test(squash(name))),
  );
  return region.every((column) => column !== undefined) ? region : undefined;
}

/** From the surest to the vaguest. */
const TARGET_NAMES =
  "target label labels class diagnosis dx finding findings findinglabels category outcome groundtruth truth pathology grade severity stage birads kl level y score".split(
    " ",
  );

function targetsOf(
  table: Table,
  named: string | readonly string[] | undefined,
  free: () => readonly Column[],
  notes: string[],
): readonly Column[] {
  if (named !== undefined) return namesOf(table, named).map((name) => getColumn(table, name));
  for (const wanted of TARGET_NAMES) {
    const column = free().find(({ name }) => squash(name) === wanted);
    if (!column) continue;
    notes.push(`"${column.name}" is taken for the label.`);
    return [column];
  }
  const findings = free().filter(isFinding);
  if (findings.length === 0) return [];
  notes.push(
    `${findings.map(({ name }) => `"${name}"`).join(", ")} hold 0 and 1 and are taken for the ${findings.length > 1 ? "findings" : "label"}.`,
  );
  return findings;
}

/** Several names in one text are parted by commas, unless a column is called just that. */
function namesOf({ columns }: Table, named: string | readonly string[]): readonly string[] {
  if (typeof named !== "string") return named;
  if (columns.some(({ name }) => name === named)) return [named];
  return named.split(",").map((name) => name.trim());
}

/** 0, 1, −1 for uncertain and nothing else, both 0 (or missing) and 1 being there. */
function isFinding(column: Column): boolean {
  if (column.kind !== "number") return false;
  const values = new Set(column.values);
  return (
    values.has(1) &&
    values.size > 1 &&
    [...values].every((value) => Number.isNaN(value) || [-1, 0, 1].includes(value))
  );
}

/** Names of columns for a message. */
export function listedColumns({ columns }: Pick<Table, "columns">): string {
  return columns
    .slice(0, 12)
    .map(({ name }) => `"${name}"`)
    .join(", ");
}

export function noImages(table: Table): RoentgenError {
  return new RoentgenError("value-missing", {
    problem: "Cannot tell which column names the images",
    expected: "a column whose entries are files below the table's folder",
    found: listedColumns(table),
    remedy: "Name the column, and the folder that its paths start from.",
    subject: "image",
  });
}
