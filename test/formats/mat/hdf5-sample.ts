// A MAT-file of version 7.3 as MATLAB lays it out, made with the HDF5 library: 512 bytes of MATLAB's
// own, then HDF5 whose datasets have their dimensions turned round and MATLAB's class as an attribute.

import * as hdf5 from "h5wasm";

type Group = hdf5.Group;
type Dataset = hdf5.Dataset;
type Numbers = Extract<hdf5.GuessableDataTypes, ArrayBufferView>;

let made = 0;

/** Fills a new file and gives its bytes, with MATLAB's 512 in front unless told otherwise. */
export async function hdf5File(
  fill: (root: Group) => void,
  { userBlock = true }: { userBlock?: boolean } = {},
): Promise<Uint8Array> {
  const { FS } = await hdf5.ready;
  const path = `/made-${made++}.mat`;
  // The oldest form of the file, as MATLAB writes it: without checksums.
  const file = new hdf5.File(path, "w", { libver: ["earliest", "latest"] });
  fill(file);
  file.close();
  const content = FS.readFile(path) as Uint8Array;
  FS.unlink(path);
  return userBlock ? withUserBlock(content) : content.slice();
}

function withUserBlock(content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(512 + content.length);
  bytes.fill(0x20, 0, 116);
  bytes.set(new TextEncoder().encode("MATLAB 7.3 MAT-file, Platform: GLNXA64"));
  bytes.set([0x00, 0x02, 0x49, 0x4d], 124); // version 2.0, byte order mark
  bytes.set(content, 512);
  return bytes;
}

export interface Place {
  group: Group;
  name: string;
}

function setClass(entity: Group | Dataset, matlabClass: string): void {
  entity.create_attribute("MATLAB_class", matlabClass, null, `A${matlabClass.length}`);
}

/** Numbers in column-major order of MATLAB's `shape`. */
export function addNumbers(
  { group, name }: Place,
  data: Numbers,
  shape: readonly number[],
  { matlabClass, dtype, gzip }: { matlabClass?: string; dtype?: string; gzip?: boolean } = {},
): Dataset {
  const turned = shape.toReversed();
  const compression = gzip ? { chunks: turned, compression: "gzip" as const } : {};
  const dataset = group.create_dataset({ name, data, shape: turned, dtype, ...compression });
  if (matlabClass) setClass(dataset, matlabClass);
  return dataset;
}

export function addComplex(place: Place, real: Numbers, imag: Numbers, shape: readonly number[]) {
  const data = new Map([
    ["real", real],
    ["imag", imag],
  ]);
  const { group, name } = place;
  const dataset = group.create_dataset({ name, data, shape: shape.toReversed() });
  setClass(dataset, real instanceof Float32Array ? "single" : "double");
  return dataset;
}

export function addChar(place: Place, rows: readonly string[]): Dataset {
  const [height, width] = [rows.length, rows[0].length];
  const units = Uint16Array.from({ length: height * width }, (_, at) =>
    rows[at % height].charCodeAt(Math.floor(at / height)),
  );
  const dataset = addNumbers(place, units, [height, width], { matlabClass: "char" });
  dataset.create_attribute("MATLAB_int_decode", Int32Array.of(2), []);
  return dataset;
}

export function addLogical(place: Place, values: readonly number[], shape: readonly number[]) {
  const dataset = addNumbers(place, Uint8Array.from(values), shape, { matlabClass: "logical" });
  dataset.create_attribute("MATLAB_int_decode", Int32Array.of(1), []);
  return dataset;
}

/** An empty array's dataset holds its dimensions. */
export function addEmpty({ group, name }: Place, matlabClass: string, shape: readonly number[]) {
  const data = BigUint64Array.from(shape, BigInt);
  const dataset = group.create_dataset({ name, data, shape: [shape.length] });
  setClass(dataset, matlabClass);
  dataset.create_attribute("MATLAB_empty", Uint8Array.of(1), []);
  return dataset;
}

/** A cell is a dataset of references to its elements, which MATLAB keeps in #refs#. */
export function addCell(place: Place, elements: readonly (Group | Dataset)[], shape: number[]) {
  const dataset = addReferences(place, elements, shape);
  setClass(dataset, "cell");
  return dataset;
}

/** A field of an array of structs: references without a class. */
export function addReferences(
  { group, name }: Place,
  elements: readonly (Group | Dataset)[],
  shape: readonly number[],
): Dataset {
  const data = elements.map((element) => element.create_reference());
  return group.create_dataset({ name, data, shape: shape.toReversed(), dtype: "Reference" });
}

export function addGroup({ group, name }: Place, matlabClass?: string): Group {
  const made = group.create_group(name);
  if (matlabClass) setClass(made, matlabClass);
  return made;
}

/** Column starts, row indices and entries; the latter two are absent where there are none. */
export function addSparse(
  place: Place,
  { rows, starts, indices }: { rows: number; starts: number[]; indices: number[] },
  addEntries: (place: Place) => void,
  matlabClass = "double",
): Group {
  const group = addGroup(place, matlabClass);
  group.create_attribute("MATLAB_sparse", BigUint64Array.of(BigInt(rows)), []);
  addNumbers({ group, name: "jc" }, BigUint64Array.from(starts, BigInt), [starts.length]);
  if (indices.length === 0) return group;
  addNumbers({ group, name: "ir" }, BigUint64Array.from(indices, BigInt), [indices.length]);
  addEntries({ group, name: "data" });
  return group;
}
