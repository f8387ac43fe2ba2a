import { defineConfig } from "vitest/config";

const conditions = ["@dagstack/source"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { include: ["test/**/*.test.ts"], maxConcurrency: 3 },
});
