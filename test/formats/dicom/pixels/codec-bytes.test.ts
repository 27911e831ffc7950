import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { codecBytes } from "../../../../src/formats/dicom/pixels/codec-bytes-browser.ts";

const MODULE = "data:application/wasm;base64,AGFzbQEAAAA=";

it("fetches the decoders from where they are said to be", async () => {
  expect([...(await codecBytes(MODULE))]).toEqual([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
});

it("says what is served instead, and what to serve", async () => {
  await expect(codecBytes("data:text/html,<p>Home</p>")).rejects.toMatchObject({
    code: "file-not-found",
    message: expect.stringMatching(/found text\/html.*webAssemblyModulePathOrUrl/s),
  });
  const server = createServer((_, response) => response.writeHead(404).end()).listen(0);
  const { port } = server.address() as AddressInfo;
  await expect(codecBytes(`http://localhost:${port}/a.wasm`)).rejects.toThrow(/status 404/);
  server.close();
});
