// One-file programs that bundlers made, run by Node where no package is installed.
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build as esbuild } from "esbuild";
import { runCommand } from "../../checks/run-command.mjs";
import { processCell } from "../process-cell.mjs";
import { runtimeBinary, toolFolder } from "../tools.mjs";

/** `make(entry, outfile, surroundings)` writes the bundle, and answers what the bundler warned of. */
function bundled(name, title, extension, make) {
  return {
    name,
    title,
    async run(surroundings) {
      const { project, folder, otlp } = surroundings;
      const files = {};
      const warnings = {};
      for (const [library, program] of [
        ["dagstack", "process-dagstack.mjs"],
        ["logtape", "process-logtape-alone.mjs"],
      ]) {
        files[library] = join(folder, library, `bundle.${extension}`);
        mkdirSync(join(folder, library), { recursive: true });
        try {
          warnings[library] = await make(join(project, program), files[library], surroundings);
        } catch (error) {
          warnings[library] = String(error.message ?? error).slice(0, 2000);
          writeFileSync(files[library], "throw new Error('the bundler failed')");
        }
      }
      const results = await processCell({ command: (library) => [process.execPath, files[library]], folder, otlp });
      for (const library of Object.keys(results)) results[library].build = warnings[library] || null;
      return results;
    },
  };
}

async function load(tool, name) {
  const require = createRequire(join(await toolFolder(tool), "package.json"));
  return import(pathToFileURL(require.resolve(name)).href);
}

const byEsbuild = (options) => async (entry, outfile) => {
  const { warnings } = await esbuild({
    entryPoints: [entry],
    outfile,
    bundle: true,
    logLevel: "silent",
    ...options,
  });
  return warnings.map(({ text }) => text).join("\n");
};

async function byRollup(entry, file) {
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
}

async function byWebpack(entry, outfile) {
  const { default: webpack } = await load("webpack", "webpack");
  const stats = await new Promise((resolve, reject) => {
    const compiler = webpack({
      entry,
      mode: "production",
      target: "node",
      output: { path: join(outfile, ".."), filename: "bundle.cjs" },
    });
    compiler.run((error, result) => compiler.close(() => (error ? reject(error) : resolve(result))));
  });
  const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
  return [...errors, ...warnings].map(({ message }) => message).join("\n");
}

async function byVite(entry, outfile) {
  const { build } = await load("vite", "vite");
  const warnings = [];
  await build({
    configFile: false,
    root: join(entry, ".."),
    logLevel: "silent",
    ssr: { noExternal: true },
    build: {
      ssr: entry,
      outDir: join(outfile, ".."),
      rollupOptions: { output: { entryFileNames: "bundle.mjs" }, onwarn: ({ message }) => warnings.push(message) },
    },
  });
  return warnings.join("\n");
}

async function byCommand(title, command, args, outfile) {
  const ran = await runCommand(command, args, { cwd: join(outfile, ".."), timeoutMs: 120_000 });
  if (!ran.ok || !existsSync(outfile)) {
    throw new Error(`${title}: ${ran.output} (wrote ${readdirSync(join(outfile, ".."))})`);
  }
  return /warn/i.test(ran.output) ? ran.output : "";
}

export const bundles = [
  bundled(
    "esbuild:node-esm",
    "esbuild, `platform: node`, ES module",
    "mjs",
    byEsbuild({ platform: "node", format: "esm" }),
  ),
  bundled(
    "esbuild:node-cjs",
    "esbuild, `platform: node`, CommonJS",
    "cjs",
    byEsbuild({ platform: "node", format: "cjs" }),
  ),
  bundled(
    "esbuild:neutral",
    "esbuild, `platform: neutral`",
    "mjs",
    byEsbuild({ platform: "neutral", format: "esm", external: ["node:*"] }),
  ),
  bundled("rollup", "rollup with node-resolve's defaults", "mjs", byRollup),
  bundled("webpack", "webpack 5, `target: node`", "cjs", byWebpack),
  bundled("vite:ssr", "Vite, SSR", "mjs", byVite),
  bundled("ncc", "ncc", "mjs", async (entry, outfile) =>
    byCommand(
      "ncc",
      process.execPath,
      [
        join(await toolFolder("ncc"), "node_modules/@vercel/ncc/dist/ncc/cli.js"),
        "build",
        entry,
        "-o",
        join(outfile, ".."),
        "-q",
      ],
      join(outfile, "..", "index.mjs"),
    ).then((warnings) => {
      renameSync(join(outfile, "..", "index.mjs"), outfile);
      return warnings;
    }),
  ),
  bundled("bun-build", "`bun build --target=node`", "mjs", async (entry, outfile) =>
    byCommand(
      "bun build",
      await runtimeBinary("bun"),
      ["build", entry, "--target=node", `--outfile=${outfile}`],
      outfile,
    ),
  ),
];
