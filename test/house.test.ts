// The rules of the house (CONTRIBUTING.md) that no linter knows: every one is shown to catch what it forbids.

import { readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { posix } from "node:path";
import { describe, expect, it } from "vitest";

interface SourceFile {
  /** From the root of the checkout: "src/base/table.ts". */
  readonly path: string;
  readonly text: string;
}

interface Import {
  readonly file: SourceFile;
  readonly line: number;
  readonly specifier: string;
}

interface House {
  /** Floor of each room, from the table in CONTRIBUTING.md. */
  readonly floors: ReadonlyMap<string, number>;
  /** Source that each import such as "#files" stands for, from package.json. */
  readonly ports: ReadonlyMap<string, string>;
  /** Sources that other rooms may import: each room's index.ts, and what package.json exports besides. */
  readonly entries: ReadonlySet<string>;
}

type Rule = (files: readonly SourceFile[], house: House) => string[];

const MOST_LINES = 500;

const rules: Record<string, Rule> = {
  "randomness comes from randomStream": (files) =>
    files.flatMap((file) => linesWith(file, /\bMath\s*(\.\s*random|\[)/)),

  "Node's own modules are imported only in *-node.ts and src/cli": (files) =>
    importsOf(files)
      .filter(({ specifier }) => isBuiltin(specifier))
      .filter(({ file }) => !/-node\.ts$|^src\/cli\//.test(file.path))
      .map(place),

  "another room is entered by its index.ts or an entry that the package exports": (
    files,
    { entries },
  ) =>
    importsOf(files)
      .filter(({ specifier }) => specifier.startsWith("."))
      .filter((one) => roomOf(targetOf(one)) !== roomOf(one.file.path))
      .filter((one) => !entries.has(targetOf(one)))
      .map(place),

  "a room imports only from lower floors": (files, { floors, ports }) =>
    importsOf(files).flatMap((one) => {
      const target = ports.get(one.specifier) ?? targetOf(one);
      const [from, to] = [roomOf(one.file.path), roomOf(target)];
      const stays = !target.startsWith("src/") || from === "" || from === to;
      return stays || floorOf(floors, to) < floorOf(floors, from) ? [] : [place(one)];
    }),

  "a dependency is imported in one room only": (files) => {
    const rooms = new Map<string, Set<string>>();
    const used = importsOf(files).filter(({ specifier }) => isPackage(specifier));
    for (const { file, specifier } of used) {
      const name = packageOf(specifier);
      rooms.set(name, (rooms.get(name) ?? new Set()).add(roomOf(file.path)));
    }
    return used
      .filter(({ specifier }) => (rooms.get(packageOf(specifier))?.size ?? 0) > 1)
      .map(place);
  },

  [`a file has at most ${MOST_LINES} lines`]: (files) =>
    files
      .map(({ path, text }) => ({ path, lines: text.trimEnd().split("\n").length }))
      .filter(({ lines }) => lines > MOST_LINES)
      .map(({ path, lines }) => `${path}:${lines}`),

  "a file is named for what a reader would look for": (files) =>
    files
      .map(({ path }) => path)
      .filter((path) => /(^|[/.-])(utils?|helpers?|commons?|managers?|misc)\b/.test(path)),

  "a file opens with one sentence on what it is": (files) =>
    files.filter(({ text }) => !/^(#!.*\n)?\/\/ \S/.test(text)).map(({ path }) => `${path}:1`),
};

describe("The house", () => {
  const house = readHouse();
  const files = sourceFiles();

  it("has every room in the table of floors", () => {
    expect(files.length).toBeGreaterThan(100);
    const rooms = new Set(files.map(({ path }) => roomOf(path)).filter((room) => room !== ""));
    expect([...rooms].filter((room) => !house.floors.has(room))).toEqual([]);
    expect([...house.ports.values()].filter((path) => !files.some((f) => f.path === path))).toEqual(
      [],
    );
  });

  it.each(Object.entries(rules))("keeps: %s", (_, rule) => {
    expect(rule(files, house)).toEqual([]);
  });
});

describe("A rule of the house", () => {
  const floors = new Map([
    ["base", 0],
    ["formats", 1],
    ["onnx", 1],
    ["learning", 4],
  ]);
  const house: House = {
    floors,
    ports: new Map([["#files", "src/learning/files-node.ts"]]),
    entries: new Set(["src/base/index.ts", "src/base/tensors/index.ts"]),
  };
  const file = (path: string, ...lines: string[]): SourceFile => ({
    path,
    text: `${["// What it is.", ...lines].join("\n")}\n`,
  });
  const twoRooms = [
    file("src/formats/a.ts", 'import { zipSync } from "fflate";'),
    file("src/learning/b.ts", 'const { inflate } = await import("fflate/node");'),
    file("src/learning/c.ts", 'import { Matrix } from "ml-matrix";'),
  ];

  it.each<[string, SourceFile[], string[]]>([
    [
      "randomness comes from randomStream",
      [file("src/base/a.ts", "", "const draw = Math.random();")],
      ["src/base/a.ts:3"],
    ],
    [
      "Node's own modules are imported only in *-node.ts and src/cli",
      [
        file("src/base/a.ts", 'import { join } from "node:path";'),
        file("src/base/b.ts", 'import fs from "fs";'),
        file("src/base/files-node.ts", 'import { join } from "node:path";'),
        file("src/cli/c.ts", 'import { join } from "node:path";'),
      ],
      ["src/base/a.ts:2: node:path", "src/base/b.ts:2: fs"],
    ],
    [
      "another room is entered by its index.ts or an entry that the package exports",
      [
        file(
          "src/learning/forest/a.ts",
          'import { one } from "../../base/index.ts";',
          "export {",
          "  two,",
          '} from "../../base/table.ts";',
          'import { three } from "../learner.ts";',
          'import { four } from "../../base/tensors/index.ts";',
        ),
      ],
      ["src/learning/forest/a.ts:3: ../../base/table.ts"],
    ],
    [
      "a room imports only from lower floors",
      [
        file("src/formats/a.ts", 'import { x } from "../base/index.ts";'),
        file("src/formats/b.ts", 'import type { x } from "../onnx/index.ts";'),
        file("src/base/c.ts", 'import "../formats/index.ts";'),
        file("src/base/d.ts", 'import { x } from "#files";'),
        file("src/index.ts", 'export * from "./learning/index.ts";'),
      ],
      [
        "src/formats/b.ts:2: ../onnx/index.ts",
        "src/base/c.ts:2: ../formats/index.ts",
        "src/base/d.ts:2: #files",
      ],
    ],
    [
      "a dependency is imported in one room only",
      twoRooms,
      ["src/formats/a.ts:2: fflate", "src/learning/b.ts:2: fflate/node"],
    ],
    [
      "a file has at most 500 lines",
      [file("src/base/a.ts", ...Array(500).fill("x")), file("src/base/b.ts", "x", "y")],
      ["src/base/a.ts:501"],
    ],
    [
      "a file is named for what a reader would look for",
      ["src/base/utils.ts", "src/base/csv-helper.ts", "src/common/a.ts", "src/base/utility.ts"].map(
        (path) => file(path),
      ),
      ["src/base/utils.ts", "src/base/csv-helper.ts", "src/common/a.ts"],
    ],
    [
      "a file opens with one sentence on what it is",
      [{ path: "src/base/a.ts", text: "export const a = 1;\n" }, file("src/base/b.ts")],
      ["src/base/a.ts:1"],
    ],
  ])("finds what breaks: %s", (name, files, found) => {
    expect(rules[name](files, house)).toEqual(found);
  });
});

function readHouse(): House {
  const rows = read("CONTRIBUTING.md").matchAll(/^\| (\d+) \| (.+?) +\|$/gm);
  const floors = [...rows].flatMap(([, floor, rooms]) =>
    [...rooms.matchAll(/`(\w+)`/g)].map(([, room]) => [room, Number(floor)] as const),
  );
  const { imports, exports } = JSON.parse(read("package.json")) as {
    imports: Record<string, Record<string, string>>;
    exports: Record<string, string | { default: string }>;
  };
  const ports = Object.entries(imports).map(
    ([name, at]) => [name, posix.normalize(at["roentgen-source"])] as const,
  );
  const entries = Object.values(exports).flatMap((one) =>
    typeof one === "string" ? [] : [one.default.replace(/^\.\/dist\/(.*)\.js$/, "src/$1.ts")],
  );
  // A room that the package does not export yet has its index.ts all the same.
  const doors = floors.map(([room]) => `src/${room}/index.ts`);
  return {
    floors: new Map(floors),
    ports: new Map(ports),
    entries: new Set([...entries, ...doors]),
  };
}

function sourceFiles(): SourceFile[] {
  return readdirSync(new URL("../src/", import.meta.url), { recursive: true, encoding: "utf8" })
    .map((path) => posix.join("src", path.replaceAll("\\", "/")))
    .filter((path) => path.endsWith(".ts"))
    .sort()
    .map((path) => ({ path, text: read(path) }));
}

function read(path: string): string {
  return readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
}

/** Static imports and exports, and dynamic imports, of literal specifiers. */
function importsOf(files: readonly SourceFile[]): Import[] {
  const statements =
    /^(?:import|export)\s(?:[^;"'`]*?\sfrom\s)?"([^"\n]+)"|\bimport\(\s*"([^"\n]+)"\s*[,)]/gm;
  return files.flatMap((file) =>
    [...file.text.matchAll(statements)].map((match) => ({
      file,
      line: file.text.slice(0, match.index).split("\n").length,
      specifier: match[1] ?? match[2],
    })),
  );
}

function linesWith({ path, text }: SourceFile, pattern: RegExp): string[] {
  return text
    .split("\n")
    .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}`] : []));
}

function place({ file, line, specifier }: Import): string {
  return `${file.path}:${line}: ${specifier}`;
}

/** The file that a relative import names; anything else is returned as it is. */
function targetOf({ file, specifier }: Import): string {
  return specifier.startsWith(".") ? posix.join(posix.dirname(file.path), specifier) : specifier;
}

/** "formats" for src/formats/csv/index.ts, "" for what lies in src itself. */
function roomOf(path: string): string {
  return path.match(/^src\/([^/]+)\//)?.[1] ?? "";
}

function floorOf(floors: ReadonlyMap<string, number>, room: string): number {
  return floors.get(room) ?? Number.NaN;
}

function isPackage(specifier: string): boolean {
  return !/^[.#]/.test(specifier) && !isBuiltin(specifier);
}

/** "hyparquet" for hyparquet/src/plain.js, "@a/b" for @a/b/c. */
function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
