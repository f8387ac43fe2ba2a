import { defineConfig } from "vitest/config";

const conditions = ["@dagstack/source"];
const source = { resolve: { conditions }, ssr: { resolve: { conditions } } };
const openTelemetry = ["test/opentelemetry-*.test.ts", "test/baggage.test.ts"];

export default defineConfig({
  test: {
    projects: [
      {
        ...source,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: openTelemetry,
          isolate: false, // a process for each file would take a third of the time; no file leaves anything behind
          maxConcurrency: 3, // fault scenarios, each of several processes
        },
      },
      {
        // An API of OpenTelemetry registers itself for the whole process, and there are two.
        ...source,
        test: { name: "opentelemetry", include: openTelemetry },
      },
    ],
  },
});
