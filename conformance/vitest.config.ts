import { defineConfig } from "vitest/config";

// Without the source condition: the suite is tested as it is published, since some rules start a child process.
export default defineConfig({
  test: { include: ["test/**/*.test.ts"] },
});
