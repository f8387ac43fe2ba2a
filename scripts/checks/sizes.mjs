import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** Minified and gzipped, everything exported, in bytes below which each bundle must stay: what a browser downloads. */
const limits = [
  { name: "logger-core", packages: ["@dagstack/logger-core"], limitBytes: 12_000 },
  { name: "logger + sink-console", packages: ["@dagstack/logger", "@dagstack/sink-console"], limitBytes: 32_000 },
  { name: "logger in a browser", packages: ["@dagstack/logger"], conditions: ["browser"], limitBytes: 27_000 },
];

export async function sizes(tally, context) {
  const folder = await context.installed();
  for (const { name, packages, conditions, limitBytes } of limits) {
    const entry = join(folder, `size-${name.replaceAll(/\W+/g, "-")}.mjs`);
    writeFileSync(entry, packages.map((specifier) => `export * from "${specifier}";\n`).join(""));
    const { outputFiles } = await build({
      entryPoints: [entry],
      bundle: true,
      minify: true,
      write: false,
      format: "esm",
      platform: "neutral",
      target: "es2022",
      ...(conditions === undefined ? {} : { conditions }),
      logLevel: "silent",
    });
    const code = outputFiles[0].contents;
    const bytes = gzipSync(code, { level: 9 }).length;
    const line = `${name}: ${bytes} B min+gzip of ${limitBytes} (${code.length} B minified)`;
    tally.note(line);
    tally.expect(bytes < limitBytes, `too large: ${line}`);
  }
}
