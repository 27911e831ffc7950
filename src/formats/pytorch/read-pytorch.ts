// Reads tensors out of files of torch.save, .pt and .pth, as data: nothing in them is executed.

import { type ByteSource, RoentgenError } from "../../base/index.ts";
import { unsupported } from "../damage.ts";
import type { StoredTensor } from "../weights/stored-tensor.ts";
import { collectTensors, type FoundState, type FoundTensor } from "./collect-tensors.ts";
import { readLegacyFile } from "./legacy-file.ts";
import type { Storages } from "./storage.ts";
import { readTorchTensor } from "./torch-tensor.ts";
import { readZipFile } from "./zip-file.ts";

/** Tensors of a checkpoint by their path, and what stands beside them. */
export interface PytorchFile {
  /** "state_dict.conv1.weight": keys joined by dots, in the order of the file. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Numbers, truth values and short texts by path: "epoch", "optimizer.param_groups.0.lr". */
  readonly metadata: Readonly<Record<string, string>>;
  /** First keys of the tensors' paths. */
  readonly keys: readonly string[];
  /** Sentences on what was left out. */
  readonly notes: readonly string[];
}

/**
 * Lists the tensors; each is read by its own `read`, with the strides that it was saved with.
 * Known are the zip files of PyTorch 1.6 and later (of TorchScript too) and the files before; dicts, lists and
 * modules in any arrangement, and NumPy arrays. Of other objects the attributes are walked; no class is imported.
 * @throws RoentgenError "file-truncated", "file-corrupt", "format-unsupported" (a tensor that only code of
 *   another package could make; files older than PyTorch 0.1.10), "value-missing" where there is no tensor
 */
export async function readPytorch(source: ByteSource): Promise<PytorchFile> {
  const { root, storages } = await readContent(source);
  const found = collectTensors(root, source.name);
  if (found.tensors.length === 0) throw noTensors(found, source.name);
  return {
    tensors: storedTensors(found.tensors, storages, source.name),
    metadata: found.values,
    keys: [...new Set(found.tensors.flatMap(({ path }) => path.slice(0, path.length > 1 ? 1 : 0)))],
    notes: found.unknown.map(
      ({ path, name }) => `${path || "The whole"} is left out: only ${name} could make it.`,
    ),
  };
}

async function readContent(source: ByteSource) {
  const head = await source.read(0, Math.min(262, source.byteLength));
  const text = String.fromCharCode(...head);
  if (text.startsWith("PK")) return readZipFile(source);
  if (text.slice(257).startsWith("ustar")) {
    throw unsupported(source.name, {
      found: "a tar archive of a PyTorch before 0.1.10",
      remedy: "Load it with PyTorch and save it again.",
    });
  }
  return readLegacyFile(source);
}

function storedTensors(
  found: readonly FoundTensor[],
  storages: Storages,
  file: string,
): Map<string, StoredTensor> {
  const tensors = new Map<string, StoredTensor>();
  for (const { path, tensor } of found) {
    const name = path.join(".");
    const { shape } = tensor;
    const subject = `${name} of ${file}`;
    const stored =
      tensor.kind === "tensor"
        ? {
            dtype: tensor.type.dtype,
            storedAs: tensor.type.storedAs,
            read: () => readTorchTensor(tensor, storages, subject),
          }
        : { dtype: tensor.dtype, storedAs: tensor.dtype, read: async () => tensor.read() };
    tensors.set(name, { name, shape, ...stored });
  }
  return tensors;
}

function noTensors({ unknown }: FoundState, file: string): RoentgenError {
  const names = [...new Set(unknown.map(({ name }) => name))].slice(0, 5).join(", ");
  return new RoentgenError("value-missing", {
    problem: `Cannot read weights of ${file}`,
    expected: "tensors",
    found: names ? `only what ${names} would make` : "none",
    remedy: "Save the tensors with torch.save(model.state_dict(), path).",
    subject: file,
  });
}
