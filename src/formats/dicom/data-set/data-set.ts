// A DICOM data set in memory: elements by tag, as PS3.5 section 7 has them.

/** A tag as one number: group · 65536 + element, so that 0x00100020 is (0010,0020). */
export type Tag = number;

interface ElementHead {
  readonly tag: Tag;
  /** Two capital letters; what the dictionary says where the file is implicit, "UN" where neither knows. */
  readonly vr: string;
}

/** Bytes of a value, as they are in the file (padding included); a view, not a copy. */
export interface ValueElement extends ElementHead {
  readonly kind: "value";
  readonly bytes: Uint8Array;
}

interface SequenceElement extends ElementHead {
  readonly kind: "sequence";
  readonly items: readonly DataSet[];
}

/** A long value (pixel data) that was left in the file: where it is. */
interface LeftElement extends ElementHead {
  readonly kind: "left";
  readonly offset: number;
  readonly length: number;
}

/** Encapsulated pixel data: where its fragments are (PS3.5 A.4). */
export interface FragmentsElement extends ElementHead {
  readonly kind: "fragments";
  /** The basic offset table: starts of frames, counted from the first fragment's item tag; may be empty. */
  readonly offsets: readonly number[];
  /** Of each fragment: where its bytes begin in the file, and how many there are. */
  readonly fragments: readonly { readonly offset: number; readonly length: number }[];
}

export type Element = ValueElement | SequenceElement | LeftElement | FragmentsElement;

/** Elements in the order of the file. Read them through `text`, `number`, `sequence` … of values.ts. */
export interface DataSet {
  readonly elements: ReadonlyMap<Tag, Element>;
  readonly littleEndian: boolean;
  /** Terms of (0008,0005) that hold for this data set: its own, else those around it. */
  readonly characterSets: readonly string[];
  /** Of an item that was read from a file: where its item tag begins, which DICOMDIR refers to. */
  readonly position?: number;
}

/** A DICOM file that was opened: its header is in memory, its pixels still where they were. */
export interface DicomFile {
  /** Path or name, for messages. */
  readonly name: string;
  /** File meta information (0002,xxxx); empty where the file has none. */
  readonly meta: DataSet;
  readonly dataSet: DataSet;
  /** UID; guessed from the bytes where the file does not say, with a note. */
  readonly transferSyntax: string;
  /** Odd things that were read all the same, as sentences. */
  readonly notes: readonly string[];
}
