// Reads the scans that the server lists in a page.
import { readScans } from "./scans.ts";
import { sendBack } from "./send-back.ts";

async function fetchFile(name: string): Promise<Uint8Array> {
  const response = await fetch(`/${encodeURIComponent(name)}`);
  if (!response.ok) throw new Error(`${name} is not served`);
  return new Uint8Array(await response.arrayBuffer());
}

async function readAll() {
  const names: string[] = JSON.parse(new TextDecoder().decode(await fetchFile("names.json")));
  return readScans(names, { fetchFile, wasm: "/assets/decoders.wasm" });
}

await sendBack(readAll());
