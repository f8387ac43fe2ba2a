// Test files, run by the runners as they come.
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../../checks/run-command.mjs";
import { asCommonJs } from "../project.mjs";
import { confirmed, failedPoints, LIBRARIES } from "../results.mjs";
import { toolFolder } from "../tools.mjs";

/**
 * @param file name of the test file; its text is what `write(project, library)` answers.
 * @param manifest package.json of the project that is tested, with the runner's configuration.
 * @param args what the runner is called with.
 */
function runner({ name, title, tool, binary, file, write, manifest = {}, args = () => [], env = {} }) {
  return {
    name,
    title,
    async run({ project, otlp }) {
      const modules = join(await toolFolder(tool), "node_modules");
      const results = {};
      for (const library of LIBRARIES) {
        // Below the project, where its packages are found.
        const folder = join(project, `${name.replace(":", "-")}-${library}`);
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "tested", ...manifest }));
        await write({ project, library, folder, file: join(folder, file) });
        const resultFile = join(folder, "results.json");
        const ran = await runCommand(process.execPath, [join(modules, binary), ...args({ folder, modules })], {
          cwd: folder,
          env: { ...env, RESULT_FILE: resultFile, OTLP_URL: otlp.url(library), CI: "1", NO_COLOR: "1" },
          timeoutMs: 120_000,
        });
        results[library] =
          ran.ok && existsSync(resultFile)
            ? confirmed(JSON.parse(readFileSync(resultFile, "utf8")), ran.output, otlp.received(library))
            : failedPoints(ran.output.slice(0, 1500));
      }
      return results;
    },
  };
}

async function commonJsTest({ project, library, file }) {
  cpSync(await asCommonJs(project, `test-${library}.mjs`), file);
}

async function esModuleTest({ project, library, folder, file }) {
  for (const name of [`${library}.mjs`, "points.mjs", "test-main.mjs"]) cpSync(join(project, name), join(folder, name));
  cpSync(join(project, `test-${library}.mjs`), file);
}

/** Types are checked as the runner does by default, which a library without `types` for it does not survive. */
async function typeScriptTest({ project, library, folder, file }) {
  cpSync(await asCommonJs(project, `test-${library}.mjs`), join(folder, "points-of-test.js"));
  cpSync(join(project, `${library}.test-types.ts`), file);
}

const jestBinary = "jest/bin/jest.js";
const esmJest = {
  file: "points.test.mjs",
  write: esModuleTest,
  manifest: { type: "module", jest: { testMatch: ["**/*.test.mjs"], transform: {} } },
  env: { NODE_OPTIONS: "--experimental-vm-modules --no-warnings" },
};
const cjsJest = { file: "points.test.js", write: commonJsTest };

export const testRunners = [
  runner({ name: "jest29:cjs", title: "Jest 29, its defaults", tool: "jest29", binary: jestBinary, ...cjsJest }),
  runner({ name: "jest29:esm", title: "Jest 29, ES modules", tool: "jest29", binary: jestBinary, ...esmJest }),
  runner({ name: "jest30:cjs", title: "Jest 30, its defaults", tool: "jest30", binary: jestBinary, ...cjsJest }),
  runner({ name: "jest30:esm", title: "Jest 30, ES modules", tool: "jest30", binary: jestBinary, ...esmJest }),
  runner({
    name: "ts-jest",
    title: "ts-jest, `module: commonjs`, `moduleResolution: node10`",
    tool: "ts-jest",
    binary: jestBinary,
    file: "points.test.ts",
    write: typeScriptTest,
    args({ folder, modules }) {
      const tsconfig = { module: "commonjs", moduleResolution: "node10", target: "es2022", strict: true, types: [] };
      const transform = { "\\.ts$": [join(modules, "ts-jest"), { tsconfig }] };
      return ["--rootDir", folder, "--config", JSON.stringify({ transform })];
    },
  }),
  runner({
    name: "vitest",
    title: "vitest",
    tool: "vitest",
    binary: "vitest/vitest.mjs",
    file: "points.test.mjs",
    write: esModuleTest,
    args: ({ folder }) => ["run", "--globals", "--root", folder],
  }),
];
