import { defineConfig } from "vitest/config";
import { fromSources, unitTests } from "../../vitest.shared.ts";

const openTelemetry = ["test/opentelemetry-*.test.ts", "test/baggage.test.ts"];

export default defineConfig({
  test: {
    projects: [
      { ...unitTests, test: { ...unitTests.test, name: "unit", exclude: openTelemetry } },
      // An API of OpenTelemetry registers itself for the whole process, and there are two.
      { ...fromSources, test: { name: "opentelemetry", include: openTelemetry } },
    ],
  },
});
