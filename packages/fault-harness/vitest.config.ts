import { defineConfig } from "vitest/config";

// Not those of the folders below: they are what a test runs.
export default defineConfig({
  test: { include: ["test/*.test.ts"] },
});
