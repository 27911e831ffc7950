// A report as plain data: what is said and shown, in reading order, before any HTML.

/** A report as data; `renderReport` writes it. */
export interface Report {
  readonly title: string;
  /** What was done to which data, one line under the title. */
  readonly subtitle?: string;
  readonly lead: Lead;
  /** Warnings and remarks; warnings are shown first. */
  readonly notices: readonly Notice[];
  readonly sections: readonly Section[];
  readonly provenance: readonly Fact[];
  readonly glossary: readonly Term[];
}

/** The finding in plain words, then the few figures that matter most. */
export interface Lead {
  readonly summary: string;
  readonly figures: readonly HeadlineFigure[];
}

/** A figure at the top of a report, rounded. */
export interface HeadlineFigure {
  readonly label: string;
  /** Rounded as it is to be read: "0.96". */
  readonly value: string;
  /** "0.91–0.99". */
  readonly interval?: string;
  /** "114 cases". */
  readonly note?: string;
}

/** A warning or remark at the top of a report. */
export interface Notice {
  readonly level: "warning" | "note";
  readonly title: string;
  readonly text: string;
}

/** A titled part of a report. */
export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** A piece of a section. Text in it is escaped when it is written as HTML, drawings are not. */
export type Block =
  | { readonly kind: "prose"; readonly text: string }
  | { readonly kind: "facts"; readonly facts: readonly Fact[] }
  | ReportTable
  | { readonly kind: "figures"; readonly figures: readonly ReportFigure[] }
  | { readonly kind: "pictures"; readonly pictures: readonly ReportPicture[] }
  | { readonly kind: "details"; readonly summary: string; readonly blocks: readonly Block[] }
  | { readonly kind: "code"; readonly text: string };

/** A table of text and of numbers as text. */
export interface ReportTable {
  readonly kind: "table";
  readonly caption: string;
  readonly columns: readonly ReportColumn[];
  /** One string for each column; numbers rounded as they are to be read. */
  readonly rows: readonly (readonly string[])[];
}

/** Heading of a column of a table. */
export interface ReportColumn {
  readonly label: string;
  /** Numbers stand at the end, so that their digits line up; text at the start. */
  readonly align?: "start" | "end";
}

/** A drawing with its caption. */
export interface ReportFigure {
  /** As the plot functions draw it; it is not escaped. */
  readonly svg: string;
  readonly caption: string;
}

/** A PNG file. */
export interface PngPicture {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** A picture of pixels with what is known of it. */
export interface ReportPicture extends PngPicture {
  readonly title: string;
  /** A line each. */
  readonly lines: readonly string[];
  /** Other images that are shown below it. */
  readonly below?: PngPicture & { readonly images: number };
}

/** A label and what it stands for. */
export interface Fact {
  readonly label: string;
  readonly value: string;
}

/** A word of the glossary. */
export interface Term {
  readonly term: string;
  readonly meaning: string;
}
