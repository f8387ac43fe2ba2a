// A test file of Jest or vitest, both with their globals.
import { writeFileSync } from "node:fs";
import { points } from "./points.mjs";

export function register(adapter) {
  const { OTLP_URL, RESULT_FILE } = process.env;
  globalThis.test(
    "the points hold under this runner",
    async () => {
      writeFileSync(RESULT_FILE, JSON.stringify(await points(adapter, { otlpUrl: OTLP_URL })));
    },
    30_000,
  );
}
