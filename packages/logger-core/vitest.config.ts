import { defineConfig } from "vitest/config";

const conditions = ["@dagstack/source"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["test/**/*.test.ts"],
    isolate: false, // a process for each file would take as long as the tests; no file leaves anything behind
  },
});
