// What a variable of a MAT-file is, without its content.

/** What a MAT-file says of a variable before it is read. */
export interface MatEntry {
  readonly name: string;
  /** MATLAB's class: "double", "logical", "char", "cell", "struct", "table", … */
  readonly className: string;
  /** Empty where the file does not say (objects). */
  readonly shape: readonly number[];
  readonly complex: boolean;
  readonly sparse: boolean;
}
