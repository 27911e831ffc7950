// Texts and metadata that nodes, graphs, tensors and models carry alike, and fields that only newer versions know.

import type { Notes } from "../model.ts";
import type { Message } from "./read-message.ts";

/** What a message says beside its content; fields that it lacks are left out. */
export function readNotes(message: Message): Notes {
  const { docString, metadataProps, unknownFields } = message;
  return {
    ...(docString !== undefined && { doc: docString as string }),
    ...(metadataProps !== undefined && { metadata: readEntries(metadataProps) }),
    // Copied, so that the model does not keep the whole file in memory.
    ...(unknownFields && { unknown: unknownFields.slice() }),
  };
}

/** Fields of a message that carry notes. */
export function notesMessage({ doc, metadata, unknown }: Notes): Message {
  return {
    docString: doc,
    metadataProps: metadata && entriesMessage(metadata),
    ...(unknown && { unknownFields: unknown }),
  };
}

/** Pairs of texts (StringStringEntryProto); of equal keys the last counts. */
export function readEntries(messages: unknown): Record<string, string> {
  return Object.fromEntries(
    ((messages ?? []) as Message[]).map(({ key = "", value = "" }) => [key, String(value)]),
  );
}

/** Pairs of texts as messages. */
export function entriesMessage(entries: Readonly<Record<string, string>>): Message[] {
  return Object.entries(entries).map(([key, value]) => ({ key, value }));
}
