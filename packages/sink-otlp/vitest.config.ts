import { defineConfig } from "vitest/config";
import { sinkTests } from "../../vitest.shared.ts";

export default defineConfig(sinkTests);
