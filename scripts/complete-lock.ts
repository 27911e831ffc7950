// Adds to package-lock.json the platform packages that the registry at hand did not offer: a mirror may lack the
// binaries of other systems, and a lock without them makes `npm ci` fail everywhere. Run after `npm install`.
import { readFileSync, writeFileSync } from "node:fs";

interface Entry {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

const systems = ["android", "darwin", "freebsd", "linux", "openharmony", "win32"];
const processors = ["arm64", "arm", "ia32", "ppc64", "riscv64", "s390x", "x64"];
const libraries: Record<string, string> = {
  gnu: "glibc",
  musl: "musl",
  gnueabihf: "glibc",
  musleabihf: "musl",
};

const lock = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
  packages: Record<string, Entry>;
};
let added = 0;
for (const parent of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const path = `node_modules/${name}`;
    const words = name.split(/[-/]/);
    const os = words.filter((word) => systems.includes(word));
    if (lock.packages[path] || os.length === 0) continue;
    const libc = os[0] === "linux" ? words.flatMap((word) => libraries[word] ?? []) : [];
    lock.packages[path] = {
      version,
      cpu: words.filter((word) => processors.includes(word)),
      ...(parent.dev ? { dev: true } : {}),
      ...(libc.length > 0 ? { libc } : {}),
      optional: true,
      os,
    };
    added += 1;
  }
}
lock.packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)),
);
writeFileSync("package-lock.json", `${JSON.stringify(lock, null, 2)}\n`);
console.log(`Added ${added} platform packages to package-lock.json`);
