import { defineConfig } from "vitest/config";

const conditions = ["@dagstack/source"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { include: ["test/long/**/*.long.ts"], testTimeout: 600_000 },
});
