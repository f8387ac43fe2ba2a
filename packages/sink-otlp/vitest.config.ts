import { defineConfig } from "vitest/config";

const conditions = ["@dagstack/source"];

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { conditions },
        ssr: { resolve: { conditions } },
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          isolate: false, // a process for each file would take as long as the tests; no file leaves anything behind
        },
      },
      {
        // Sink and suite as they are built: what a stranger has.
        test: {
          name: "conformance",
          include: ["conformance/vitest.test.js"],
          server: { deps: { external: [/\/dist\//] } },
        },
      },
    ],
  },
});
