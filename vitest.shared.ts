// What the packages' vitest configurations have in common.

const conditions = ["@dagstack/source"];

/** Tests run from the sources: they need no build. */
export const fromSources = { resolve: { conditions }, ssr: { resolve: { conditions } } };

export const unitTests = {
  ...fromSources,
  test: {
    include: ["test/**/*.test.ts"],
    isolate: false, // a process for each file would take as long as the tests; no file leaves anything behind
    maxConcurrency: 3, // of fault scenarios, each of several processes
  },
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
