// One-file programs that bundlers made, run by Node where no package is installed.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { byCommand, byEsbuild, byRollup, byVite, byWebpack } from "../bundlers.mjs";
import { processCell } from "../process-cell.mjs";
import { LIBRARIES } from "../results.mjs";
import { runtimeBinary, toolFolder } from "../tools.mjs";

const programs = { dagstack: "process-dagstack.mjs", logtape: "process-logtape-alone.mjs" };

function bundled(name, title, file, bundle) {
  return {
    name,
    title,
    async run({ project, folder, otlp }) {
      const files = {};
      const warnings = {};
      for (const library of LIBRARIES) {
        files[library] = join(folder, library, file);
        mkdirSync(dirname(files[library]), { recursive: true });
        try {
          warnings[library] = await bundle(join(project, programs[library]), files[library]);
        } catch (error) {
          warnings[library] = String(error.message ?? error).slice(0, 2000);
          writeFileSync(files[library], 'throw new Error("the bundler failed");');
        }
      }
      const results = await processCell({ command: (library) => [process.execPath, files[library]], folder, otlp });
      for (const library of LIBRARIES) results[library] = { build: warnings[library] || null, ...results[library] };
      return results;
    },
  };
}

const node = { platform: "node" };
const neutral = { platform: "neutral", format: "esm", external: ["node:*"] };

async function ncc(entry, outfile) {
  const cli = join(await toolFolder("ncc"), "node_modules", "@vercel", "ncc", "dist", "ncc", "cli.js");
  return [process.execPath, cli, "build", entry, "-o", dirname(outfile), "-q"];
}

async function bunBuild(entry, outfile) {
  return [await runtimeBinary("bun"), "build", entry, "--target=node", `--outfile=${outfile}`];
}

export const bundles = [
  bundled(
    "esbuild:node-esm",
    "esbuild, `platform: node`, ES module",
    "main.mjs",
    byEsbuild({ ...node, format: "esm" }),
  ),
  bundled("esbuild:node-cjs", "esbuild, `platform: node`, CommonJS", "main.cjs", byEsbuild({ ...node, format: "cjs" })),
  bundled("esbuild:neutral", "esbuild, `platform: neutral`", "main.mjs", byEsbuild(neutral)),
  bundled("rollup", "rollup with node-resolve's defaults", "main.mjs", byRollup()),
  bundled("webpack:node", "webpack 5, `target: node`", "main.cjs", byWebpack({ target: "node" })),
  bundled("vite:ssr", "Vite, SSR", "main.mjs", byVite({ ssr: true })),
  bundled("ncc", "ncc", "index.mjs", byCommand(ncc)),
  bundled("bun-build", "`bun build --target=node`", "main.mjs", byCommand(bunBuild)),
];
