import { defineConfig } from "vitest/config";

// Package imports such as #workers resolve to sources, in tests and in the workers they start.
const conditions = ["roentgen-source", "node", "import", "default"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["test/**/*.test.ts"],
    execArgv: ["--conditions=roentgen-source"],
    testTimeout: 60_000,
    isolate: false,
    coverage: { include: ["src/**"], reporter: ["text-summary", "html"] },
  },
});
