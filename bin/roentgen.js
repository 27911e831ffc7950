#!/usr/bin/env node
// The roentgen command.

const major = Number(process.versions.node.split(".")[0]);
if (major < 20) {
  process.stderr.write(`roentgen needs Node 20 or later; this is ${process.versions.node}.\n`);
  process.exit(2);
}
const { main } = await import("../dist/cli/main.js");
await main(process.argv.slice(2));
