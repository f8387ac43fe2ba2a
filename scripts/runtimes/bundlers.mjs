// Each `by…(options)` answers `(entry, outfile) => warnings`: one file, made with the bundler's defaults.
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build as esbuild } from "esbuild";
import { runCommand } from "../checks/run-command.mjs";
import { toolFolder } from "./tools.mjs";

async function load(tool, name) {
  const require = createRequire(join(await toolFolder(tool), "package.json"));
  return import(pathToFileURL(require.resolve(name)).href);
}

export const byEsbuild = (options) => async (entry, outfile) => {
  const { warnings } = await esbuild({ entryPoints: [entry], outfile, bundle: true, logLevel: "silent", ...options });
  return warnings.map(({ text }) => text).join("\n");
};

export const byRollup = () => async (entry, file) => {
  const [{ rollup }, resolve, commonjs] = await Promise.all(
    ["rollup", "@rollup/plugin-node-resolve", "@rollup/plugin-commonjs"].map((name) => load("rollup", name)),
  );
  const warnings = [];
  const bundle = await rollup({
    input: entry,
    plugins: [resolve.default(), commonjs.default()],
    onwarn: ({ message }) => warnings.push(message),
  });
  await bundle.write({ file, format: "esm", inlineDynamicImports: true });
  await bundle.close();
  return warnings.join("\n");
};

export const byWebpack =
  ({ target }) =>
  async (entry, outfile) => {
    const { default: webpack } = await load("webpack", "webpack");
    const output = { path: dirname(outfile), filename: basename(outfile) };
    const stats = await new Promise((resolve, reject) => {
      // The size of what it makes is another check's business.
      const compiler = webpack({ entry, mode: "production", target, output, performance: { hints: false } });
      compiler.run((error, result) => compiler.close(() => (error ? reject(error) : resolve(result))));
    });
    const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
    return [...errors, ...warnings].map(({ message }) => message).join("\n");
  };

export const byVite =
  ({ ssr }) =>
  async (entry, outfile) => {
    const { build } = await load("vite", "vite");
    const warnings = [];
    await build({
      configFile: false,
      root: dirname(entry),
      logLevel: "silent",
      ssr: { noExternal: true },
      build: {
        ...(ssr ? { ssr: entry } : {}),
        outDir: dirname(outfile),
        emptyOutDir: false,
        rollupOptions: {
          input: entry,
          output: { entryFileNames: basename(outfile) },
          onwarn: ({ message }) => warnings.push(message),
        },
      },
    });
    return warnings.join("\n");
  };

/** `command(entry, outfile)` answers the command line. */
export const byCommand = (command) => async (entry, outfile) => {
  const [program, ...args] = await command(entry, outfile);
  const ran = await runCommand(program, args, { cwd: dirname(outfile), timeoutMs: 120_000 });
  if (!ran.ok || !existsSync(outfile)) throw new Error(`${ran.output} (wrote ${readdirSync(dirname(outfile))})`);
  return /warn/i.test(ran.output) ? ran.output : "";
};
