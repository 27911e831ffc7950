// A strict parser of the Python literals that describe an array: no names, no calls, nothing is evaluated.

/** A Python value; tuples and lists differ because numpy gives them different meanings. */
export type PythonLiteral =
  | null
  | boolean
  | number
  | string
  | { readonly tuple: readonly PythonLiteral[] }
  | { readonly list: readonly PythonLiteral[] }
  | { readonly dict: ReadonlyMap<PythonLiteral, PythonLiteral> };

/** What is wrong with the text, in words for an error's `found`. */
export class LiteralSyntaxError extends Error {}

const deepest = 32;
const escapes: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  "\\": "\\",
  "'": "'",
  '"': '"',
};

/** Parses one literal and refuses anything after it but white space. */
export function parsePythonLiteral(text: string): PythonLiteral {
  const cursor = { text, at: 0, depth: 0 };
  const value = parseValue(cursor);
  skipSpace(cursor);
  if (cursor.at < text.length) fail(cursor, "the end");
  return value;
}

interface Cursor {
  readonly text: string;
  at: number;
  depth: number;
}

function parseValue(cursor: Cursor): PythonLiteral {
  skipSpace(cursor);
  const next = cursor.text[cursor.at];
  if (next === "{") return nested(cursor, parseDict);
  if (next === "[") return nested(cursor, parseList);
  if (next === "(") return nested(cursor, parseTuple);
  if (next === "'" || next === '"') return parseString(cursor);
  return parseWordOrInteger(cursor);
}

function nested<T>(cursor: Cursor, parse: (cursor: Cursor) => T): T {
  if (++cursor.depth > deepest) fail(cursor, `at most ${deepest} levels of brackets`);
  cursor.at++;
  const value = parse(cursor);
  cursor.depth--;
  return value;
}

function parseDict(cursor: Cursor): PythonLiteral {
  const dict = new Map<PythonLiteral, PythonLiteral>();
  while (!taken(cursor, "}")) {
    const key = parseValue(cursor);
    expectToken(cursor, ":");
    dict.set(key, parseValue(cursor));
    if (!taken(cursor, ",")) {
      expectToken(cursor, "}");
      break;
    }
  }
  return { dict };
}

function parseList(cursor: Cursor): PythonLiteral {
  return { list: parseItems(cursor, "]").items };
}

/** One item in parentheses without a comma is that item, as in Python. */
function parseTuple(cursor: Cursor): PythonLiteral {
  const { items, commas } = parseItems(cursor, ")");
  return items.length === 1 && commas === 0 ? items[0] : { tuple: items };
}

function parseItems(cursor: Cursor, close: string) {
  const items: PythonLiteral[] = [];
  let commas = 0;
  while (!taken(cursor, close)) {
    items.push(parseValue(cursor));
    if (!taken(cursor, ",")) {
      expectToken(cursor, close);
      break;
    }
    commas++;
  }
  return { items, commas };
}

function parseString(cursor: Cursor): string {
  const { text } = cursor;
  const quote = text[cursor.at++];
  let value = "";
  while (text[cursor.at] !== quote) {
    if (cursor.at >= text.length || text[cursor.at] === "\n") fail(cursor, `a closing ${quote}`);
    if (text[cursor.at] !== "\\") value += text[cursor.at++];
    else {
      const escaped = escapes[text[cursor.at + 1]];
      if (escaped === undefined) fail(cursor, "a known escape");
      value += escaped;
      cursor.at += 2;
    }
  }
  cursor.at++;
  return value;
}

/** Integers may end in L, as Python 2 wrote them. */
function parseWordOrInteger(cursor: Cursor): PythonLiteral {
  const word = /^[-+]?\w+/.exec(cursor.text.slice(cursor.at, cursor.at + 40))?.[0] ?? "";
  const value = wordValue(word);
  if (value === undefined) fail(cursor, "a string, an integer, a tuple, True or False");
  cursor.at += word.length;
  return value;
}

function wordValue(word: string): boolean | number | null | undefined {
  if (word === "True") return true;
  if (word === "False") return false;
  if (word === "None") return null;
  return /^[-+]?\d+L?$/.test(word) ? Number.parseInt(word, 10) : undefined;
}

function skipSpace(cursor: Cursor): void {
  while (/\s/.test(cursor.text[cursor.at] ?? "")) cursor.at++;
}

function taken(cursor: Cursor, token: string): boolean {
  skipSpace(cursor);
  if (cursor.text[cursor.at] !== token) return false;
  cursor.at++;
  return true;
}

function expectToken(cursor: Cursor, token: string): void {
  if (!taken(cursor, token)) fail(cursor, `"${token}"`);
}

function fail({ text, at }: Cursor, expected: string): never {
  const found = at >= text.length ? "the end" : JSON.stringify(text.slice(at, at + 20));
  throw new LiteralSyntaxError(`${found} where ${expected} belongs`);
}
