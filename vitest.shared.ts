// What the packages' vitest configurations have in common.

/** Tests run from the sources: they need no build. */
const fromSources = ["@dagstack/source"];

export const unitTests = {
  resolve: { conditions: fromSources },
  ssr: { resolve: { conditions: fromSources } },
  test: { include: ["test/**/*.test.ts"] },
};

/** A sink's: beside its unit tests the conformance suite, with sink and suite as they are built, which is what a stranger has. */
export const sinkTests = {
  test: {
    projects: [
      { ...unitTests, test: { ...unitTests.test, name: "unit" } },
      {
        test: {
          name: "conformance",
          include: ["conformance/vitest.test.js"],
          server: { deps: { external: [/\/dist\//] } },
        },
      },
    ],
  },
};
