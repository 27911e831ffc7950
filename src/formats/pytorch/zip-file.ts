// PyTorch's files since 1.6: a zip archive with the pickle data.pkl and each storage as a member of its own.

import type { ByteSource } from "../../base/index.ts";
import { damaged, unsupported } from "../damage.ts";
import type { ByteOrder } from "../elements/byte-order.ts";
import { readBytes } from "../elements/byte-reader.ts";
import { readPickle } from "../pickle/read-pickle.ts";
import type { PickleValue } from "../pickle/values.ts";
import { memberDataOffset, readZipDirectory, type ZipMember } from "../zip/directory.ts";
import { openMember } from "../zip/read-zip.ts";
import type { Storages } from "./storage.ts";

/** The pickle of a file and the storages that it refers to. */
export interface PytorchContent {
  readonly root: PickleValue;
  readonly storages: Storages;
}

/** The pickle holds no tensors' numbers: this is many times what the largest networks have. */
const mostPickleBytes = 2 ** 28;

/** Reads the pickle; storages stay in the archive. */
export async function readZipFile(source: ByteSource): Promise<PytorchContent> {
  const members = new Map<string, ZipMember>();
  for (const member of await readZipDirectory(source)) members.set(member.name, member);
  const pickle = [...members.keys()].find((name) => /^([^/]*\/)?data\.pkl$/.test(name));
  if (pickle === undefined) {
    throw unsupported(source.name, {
      expected: "a zip archive with data.pkl, as torch.save writes",
      found: `members ${[...members.keys()].slice(0, 4).join(", ") || "none"}`,
    });
  }
  const root = pickle.slice(0, -"data.pkl".length);
  const read = (name: string) => readMember(source, members, name);
  const { value } = readPickle(await read(pickle), source.name);
  const order = members.has(`${root}byteorder`)
    ? new TextDecoder().decode(await read(`${root}byteorder`)).trim()
    : "little";
  return {
    root: value,
    storages: {
      byteOrder: byteOrderOf(order, source.name),
      readInto: (key, offset, target) =>
        readPart(source, findMember(members, `${root}data/${key}`, source.name), offset, target),
    },
  };
}

function byteOrderOf(order: string, file: string): ByteOrder {
  if (order === "little" || order === "big") return order;
  throw damaged(file, { expected: "byteorder little or big", found: JSON.stringify(order) });
}

function findMember(
  members: ReadonlyMap<string, ZipMember>,
  name: string,
  file: string,
): ZipMember {
  const member = members.get(name);
  if (member) return member;
  throw damaged(file, { expected: `the storage ${name} in the archive`, found: "none" });
}

async function readMember(
  source: ByteSource,
  members: ReadonlyMap<string, ZipMember>,
  name: string,
): Promise<Uint8Array> {
  const member = findMember(members, name, source.name);
  if (member.bytes > mostPickleBytes) {
    throw unsupported(source.name, {
      expected: `at most ${mostPickleBytes} bytes of ${name}`,
      found: `${member.bytes}`,
      remedy: "Save the tensors alone: torch.save(model.state_dict(), path).",
    });
  }
  const bytes = new Uint8Array(member.bytes);
  await readPart(source, member, 0, bytes);
  return bytes;
}

/**
 * Fills `target` from a member. A stored one is read where it lies, without its checksum, which covers the whole
 * and which PyTorch may leave wrong (torch.serialization.set_crc32_options); a deflated one is unpacked up to there.
 */
async function readPart(
  source: ByteSource,
  member: ZipMember,
  offset: number,
  target: Uint8Array,
): Promise<void> {
  if (offset + target.byteLength > member.bytes) {
    throw damaged(source.name, {
      expected: `${offset + target.byteLength} bytes in member ${member.name}`,
      found: `${member.bytes}`,
    });
  }
  if (member.method === 0 && member.bytes === member.compressedBytes) {
    return source.readInto((await memberDataOffset(source, member)) + offset, target);
  }
  const reader = await openMember(source, member);
  let skipped = 0;
  while (skipped < offset) {
    skipped += (await readBytes(reader, Math.min(2 ** 20, offset - skipped))).byteLength;
  }
  await reader.readInto(target);
}
