// Runs a benchmark by name: `npm run bench -- forest` runs bench/forest.ts.

import { readdirSync } from "node:fs";

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(".ts") && file !== "run.ts")
  .map((file) => file.slice(0, -3));
const [name, ...rest] = process.argv.slice(2);

if (name !== undefined && names.includes(name)) {
  const { default: benchmark } = await import(new URL(`./${name}.ts`, import.meta.url).href);
  await benchmark(rest);
} else {
  if (name !== undefined) console.error(`There is no benchmark "${name}".`);
  console.error(`Benchmarks: ${names.join(", ")}. Run one with: npm run bench -- ${names[0]}`);
  process.exitCode = name === undefined ? 0 : 2;
}
