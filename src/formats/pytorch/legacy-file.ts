// PyTorch's files before 1.6: pickles one after another, then the storages
// (torch/serialization.py, _legacy_save and _legacy_load).

import { type ByteSource, RoentgenError } from "../../base/index.ts";
import { damaged } from "../damage.ts";
import { type ReadPickle, readPickle } from "../pickle/read-pickle.ts";
import { isStructure, type PickleValue } from "../pickle/values.ts";
import { storageOf } from "./storage.ts";
import type { PytorchContent } from "./zip-file.ts";

/** What every such file begins with. */
const magicNumber = 0x1950a86a20f9469cfc6cn;
const protocolVersion = 1001;

/** Bytes that are first read for the pickles; more as they turn out to be longer. */
const firstWindow = 2 ** 16;
const largestWindow = 2 ** 28;

/** Reads the pickles and finds where each storage begins. */
export async function readLegacyFile(source: ByteSource): Promise<PytorchContent> {
  const { root, keys, end } = await readPickles(source);
  const places = await placeStorages(source, { keys, start: end, sizes: sizesOf(root, source) });
  return {
    root: root.value,
    storages: {
      // Written so on machines of either order.
      byteOrder: "little",
      async readInto(key, offset, target) {
        const place = places.get(key);
        if (place && offset + target.byteLength <= place.byteLength) {
          return source.readInto(place.offset + offset, target);
        }
        throw damaged(source.name, {
          expected: `${offset + target.byteLength} bytes in storage ${key}`,
          found: place ? `${place.byteLength}` : "no such storage",
        });
      },
    },
  };
}

interface Pickles {
  readonly root: ReadPickle;
  /** Of the storages, in the order of their bytes. */
  readonly keys: readonly string[];
  readonly end: number;
}

/** The pickles' length is not known before: reads more of the file until they are whole. */
async function readPickles(source: ByteSource): Promise<Pickles> {
  for (let window = firstWindow; ; window *= 8) {
    const length = Math.min(window, source.byteLength);
    try {
      return parsePickles(await source.read(0, length), source.name);
    } catch (error) {
      const cut = error instanceof RoentgenError && error.code === "file-truncated";
      if (!cut || length === source.byteLength || length >= largestWindow) throw error;
    }
  }
}

function parsePickles(bytes: Uint8Array, file: string): Pickles {
  const magic = readPickle(bytes, file);
  const version = readPickle(bytes, file, magic.end);
  if (magic.value !== magicNumber || version.value !== protocolVersion) {
    throw damaged(file, {
      expected: `PyTorch's magic number and version ${protocolVersion}`,
      found: "other values",
    });
  }
  const system = readPickle(bytes, file, version.end);
  const root = readPickle(bytes, file, system.end);
  const list = readPickle(bytes, file, root.end);
  const keys = isStructure(list.value) && list.value.kind === "list" ? list.value.items : [];
  return { root, keys: keys.map((key: PickleValue) => String(key)), end: list.end };
}

/** Bytes of an element of each storage, which only the pickle's references to it tell. */
function sizesOf({ persistent }: ReadPickle, { name }: ByteSource): ReadonlyMap<string, number> {
  // Classes of modules that were pickled whole are references too: ("module", class, file, source).
  const isModule = (id: PickleValue) =>
    isStructure(id) && id.kind === "tuple" && id.items[0] === "module";
  return new Map(
    persistent
      .filter((id) => !isModule(id))
      .map((id) => {
        const { key, type } = storageOf(id, name);
        return [key, type?.byteLength ?? 1];
      }),
  );
}

interface Place {
  readonly offset: number;
  readonly byteLength: number;
}

/** Each storage is its number of elements in 8 bytes, then the elements. */
async function placeStorages(
  source: ByteSource,
  given: { keys: readonly string[]; start: number; sizes: ReadonlyMap<string, number> },
): Promise<ReadonlyMap<string, Place>> {
  const places = new Map<string, Place>();
  let at = given.start;
  for (const key of given.keys) {
    const head = await source.read(at, 8);
    const count = Number(new DataView(head.buffer, head.byteOffset).getBigUint64(0, true));
    const byteLength = count * (given.sizes.get(key) ?? 1);
    places.set(key, { offset: at + 8, byteLength });
    at += 8 + byteLength;
    if (at > source.byteLength) {
      throw damaged(source.name, {
        expected: `${byteLength} bytes of storage ${key}`,
        found: `the end of the file ${at - source.byteLength} bytes before`,
      });
    }
  }
  return places;
}
