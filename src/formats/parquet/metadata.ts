// A Parquet file's footer: schema, row groups, and where each column's bytes are, checked against the
// file before anything is read or allocated by it. (parquet-format, README.md and parquet.thrift)

import {
  type ColumnMetaData,
  type FileMetaData,
  parquetMetadata,
  type SchemaElement,
} from "hyparquet";
import { type ByteSource, RoentgenError } from "../../base/index.ts";
import { damaged, unsupported } from "../damage.ts";
import { checkClaim } from "../tables/claims.ts";
import { skipThrift } from "./thrift.ts";

/** "PAR1" before and after the metadata's length. */
const FOOTER_END = 8;

export interface ParquetLayout {
  readonly rowCount: number;
  /** One a column, flat. */
  readonly leaves: readonly SchemaElement[];
  readonly groups: readonly RowGroupLayout[];
}

interface RowGroupLayout {
  readonly rowCount: number;
  /** One a leaf. */
  readonly chunks: readonly ChunkLayout[];
}

/** Where a column's pages of one row group are. */
interface ChunkLayout {
  readonly start: number;
  readonly byteLength: number;
  readonly codec: ColumnMetaData["codec"];
}

/**
 * @throws RoentgenError "file-truncated", "file-corrupt"; "format-unsupported" for encryption, nested
 *   columns and columns in other files
 */
export async function readLayout(source: ByteSource): Promise<ParquetLayout> {
  const metadata = await readMetadata(source);
  const leaves = flatLeaves(metadata.schema, source.name);
  const rowCount = count(metadata.num_rows, source.name);
  checkClaim(8 * rowCount * Math.max(leaves.length, 1), source.byteLength, source.name);
  const groups = metadata.row_groups.map((group): RowGroupLayout => {
    if (group.columns.length !== leaves.length) {
      throw damaged(source.name, {
        expected: `${leaves.length} columns in each row group, as in the schema`,
        found: `${group.columns.length}`,
      });
    }
    return {
      rowCount: count(group.num_rows, source.name),
      chunks: group.columns.map(({ meta_data, file_path }, index) => {
        if (file_path || !meta_data) {
          throw unsupported(source.name, {
            found: `the values of column "${leaves[index].name}" in another file or encrypted`,
          });
        }
        return chunkLayout(meta_data, source);
      }),
    };
  });
  const grouped = groups.reduce((sum, group) => sum + group.rowCount, 0);
  if (grouped !== rowCount) {
    throw damaged(source.name, {
      expected: `${rowCount} rows`,
      found: `${grouped} in its row groups`,
    });
  }
  return { rowCount, leaves, groups };
}

async function readMetadata(source: ByteSource): Promise<FileMetaData> {
  const { name, byteLength } = source;
  if (byteLength < 12) throw truncatedFile(name);
  const end = await source.read(byteLength - FOOTER_END, FOOTER_END);
  const magic = String.fromCharCode(...end.subarray(4));
  if (magic === "PARE") {
    throw unsupported(name, { found: "an encrypted footer", remedy: "Decrypt the file first." });
  }
  if (magic !== "PAR1") throw truncatedFile(name);
  const length = new DataView(end.buffer, end.byteOffset).getUint32(0, true);
  if (length > byteLength - 12) throw truncatedFile(name);
  const footer = await source.read(byteLength - FOOTER_END - length, length + FOOTER_END);
  skipThrift(footer.subarray(0, length), 0, name);
  try {
    return parquetMetadata(footer, { geoparquet: false });
  } catch (cause) {
    throw damaged(name, { found: "metadata that cannot be understood", cause });
  }
}

function flatLeaves(schema: readonly SchemaElement[], file: string): SchemaElement[] {
  const [root, ...leaves] = schema;
  const nested = leaves.find(
    (element) => element.num_children || !element.type || element.repetition_type === "REPEATED",
  );
  if (nested) {
    throw unsupported(file, {
      expected: "columns of single values",
      found: `lists or structures in column "${nested.name}"`,
      remedy: "Leave that column out, or spread it over columns of its own.",
    });
  }
  if (!root || root.num_children !== leaves.length) {
    throw damaged(file, { found: "a schema whose parts don't add up" });
  }
  return leaves;
}

function chunkLayout(metadata: ColumnMetaData, source: ByteSource): ChunkLayout {
  const data = count(metadata.data_page_offset, source.name);
  const dictionary = count(metadata.dictionary_page_offset ?? 0n, source.name);
  const byteLength = count(metadata.total_compressed_size, source.name);
  // Some writers put 0 where there is no dictionary.
  const start = dictionary > 0 && dictionary < data ? dictionary : data;
  if (start + byteLength > source.byteLength) throw truncatedFile(source.name);
  checkClaim(count(metadata.total_uncompressed_size, source.name), source.byteLength, source.name);
  return { start, byteLength, codec: metadata.codec };
}

/** A number of the metadata that can't be negative or beyond 2^53. */
function count(value: bigint | undefined, file: string): number {
  const number = Number(value);
  if (value !== undefined && value >= 0n && Number.isSafeInteger(number)) return number;
  throw damaged(file, { found: `${value} where the metadata must have a size` });
}

function truncatedFile(file: string): RoentgenError {
  return new RoentgenError("file-truncated", {
    problem: `Cannot read ${file} as Parquet: its end, which says what is in it, is missing or damaged`,
    remedy: "Fetch or export the file again.",
    subject: file,
  });
}
