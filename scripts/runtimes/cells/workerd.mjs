// workerd, the runtime of Cloudflare Workers, in miniflare.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { runCommand } from "../../checks/run-command.mjs";
import { byEsbuild } from "../bundlers.mjs";
import { failedPoints, LIBRARIES, readPoints } from "../results.mjs";
import { runtimeBinary, toolFolder } from "../tools.mjs";

const HOST = fileURLToPath(new URL("../workerd-host.mjs", import.meta.url));

/** As wrangler bundles. */
const bundle = byEsbuild({ format: "esm", conditions: ["workerd", "worker", "browser"], external: ["node:*"] });

function workerd(name, title, flags) {
  return {
    name,
    title,
    async run({ project, folder, otlp }) {
      const node = await runtimeBinary("node22");
      const miniflare = join(await toolFolder("miniflare"), "node_modules", "miniflare", "dist", "src", "index.js");
      const results = {};
      for (const library of LIBRARIES) {
        const script = join(folder, library, "worker.mjs");
        mkdirSync(join(folder, library), { recursive: true });
        let warnings;
        try {
          warnings = await bundle(join(project, `workerd-${library}.mjs`), script);
        } catch (error) {
          results[library] = { ...failedPoints("not built"), build: String(error.message ?? error) };
          continue;
        }
        const options = join(folder, library, "options.json");
        writeFileSync(options, JSON.stringify({ script, flags, otlpUrl: otlp.url(library) }));
        const ran = await runCommand(node, [HOST, pathToFileURL(miniflare).href, options], { timeoutMs: 90_000 });
        results[library] = { build: warnings || null, ...readPoints(ran, otlp.received(library)) };
      }
      return results;
    },
  };
}

export const workers = [
  workerd("workerd", "workerd (miniflare)", []),
  workerd("workerd:nodejs_compat", "workerd with `nodejs_compat`", ["nodejs_compat"]),
];
