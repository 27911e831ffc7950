// Packs the built package once and holds it to publint and are-the-types-wrong.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "roentgen-package-"));
const shell = process.platform === "win32";
const run = (command: string, ...args: string[]) =>
  execFileSync(command, args, { stdio: ["ignore", "pipe", "inherit"], encoding: "utf8", shell });
try {
  const name = run(
    "npm",
    "pack",
    "--ignore-scripts",
    "--silent",
    "--pack-destination",
    folder,
  ).trim();
  const tarball = join(folder, name);
  process.stdout.write(run("publint", "--strict", tarball));
  run("attw", tarball, "--profile", "esm-only", "--quiet");
} finally {
  rmSync(folder, { recursive: true, force: true });
}
