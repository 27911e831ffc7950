// Reads Keras models and weights: .h5 of Keras 1 to 3, .weights.h5, and the .keras zip.

import type * as H5 from "h5wasm";
import { type ByteSource, memorySource } from "../../base/index.ts";
import { damaged, unsupported } from "../damage.ts";
import { attribute } from "../hdf5/data.ts";
import { withHdf5File } from "../hdf5/open-hdf5.ts";
import { listZip, type ZipEntry } from "../zip/read-zip.ts";
import { type ConfiguredLayer, configuredLayers } from "./configured-layers.ts";
import { datasetShelf } from "./datasets.ts";
import type { KerasFile } from "./keras-file.ts";
import { legacyLayers, legacyWeights, textsOf } from "./legacy-layout.ts";
import { savedLayers, weightsBelow } from "./saving-layout.ts";

/**
 * Lists the layers of a Keras file with their weights; the first weight that is read loads them all, since
 * HDF5 is read through a library that takes files whole.
 * @throws RoentgenError "file-truncated", "file-corrupt", "format-unsupported" (HDF5 of other programs)
 */
export async function readKeras(source: ByteSource): Promise<KerasFile> {
  const head = await source.read(0, Math.min(4, source.byteLength));
  return head[0] === 0x50 && head[1] === 0x4b ? readKerasZip(source) : readHdf5(source);
}

async function readKerasZip(source: ByteSource): Promise<KerasFile> {
  const members = new Map((await listZip(source)).map((entry) => [entry.name, entry]));
  const read = (name: string) => readMember(members.get(name), name, source.name);
  const config = parseJson(new TextDecoder().decode(await read("config.json")), source.name);
  const metadata = members.has("metadata.json")
    ? parseJson(new TextDecoder().decode(await read("metadata.json")), source.name)
    : {};
  const weights = memorySource(await read("model.weights.h5"), source.name);
  const version = (metadata as Record<string, unknown> | null)?.keras_version;
  const file = await readHdf5(weights, config);
  return {
    ...file,
    format: "keras",
    kerasVersion: version === undefined ? undefined : `${version}`,
  };
}

async function readMember(
  entry: ZipEntry | undefined,
  name: string,
  file: string,
): Promise<Uint8Array> {
  if (entry) return entry.read();
  throw unsupported(file, {
    expected: `a Keras archive with ${name}`,
    found: "none",
    remedy: "Save the model with model.save('model.keras').",
  });
}

function readHdf5(source: ByteSource, given?: unknown): Promise<KerasFile> {
  return withHdf5File(source, (library, file) => {
    const version = attribute(file, "keras_version");
    const stored = attribute(file, "model_config");
    const config = given ?? (stored === undefined ? undefined : parseJson(stored, source.name));
    const parts = partsOf(library, file, { configured: configuredLayers(config), source });
    return {
      format: "keras-h5",
      ...(version === undefined ? {} : { kerasVersion: String(version) }),
      ...(config === undefined ? {} : { config }),
      ...parts,
    };
  });
}

/** Each layout is told by what the root has. */
function partsOf(
  library: typeof H5,
  file: H5.File,
  { configured, source }: { configured: readonly ConfiguredLayer[]; source: ByteSource },
): Pick<KerasFile, "layers" | "optimizer"> {
  const budget = { left: Math.ceil(source.byteLength / 16) };
  const context = { library, shelf: datasetShelf(source), file: source.name, budget };
  const whole = file.keys().includes("model_weights") ? file.get("model_weights") : file;
  const root = whole instanceof library.Group ? whole : file;
  if (textsOf(root, "layer_names").length > 0) {
    const layers = legacyLayers(library, root, { ...context, configured });
    const optimizer = groupIn(library, file, "optimizer_weights");
    return { layers, optimizer: optimizer ? legacyWeights(library, optimizer, context) : [] };
  }
  const layers = savedLayers(file, { ...context, configured });
  if (layers.length === 0) throw otherHdf5(source.name);
  const optimizer = groupIn(library, file, "optimizer");
  return { layers, optimizer: optimizer ? weightsBelow(optimizer, context) : [] };
}

function groupIn(library: typeof H5, file: H5.File, name: string): H5.Group | undefined {
  const entity = file.keys().includes(name) ? file.get(name) : null;
  return entity instanceof library.Group ? entity : undefined;
}

function parseJson(text: unknown, file: string): unknown {
  try {
    return JSON.parse(String(text));
  } catch (cause) {
    throw damaged(file, { expected: "a configuration in JSON", found: "an error in it", cause });
  }
}

function otherHdf5(file: string): Error {
  return unsupported(file, {
    expected: "layers of a Keras model",
    found: "an HDF5 file without any",
    remedy: "Save its arrays as .npz or .mat to read them as data.",
  });
}
