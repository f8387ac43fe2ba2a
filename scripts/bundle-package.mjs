// node ../../scripts/bundle-package.mjs [--one-file-per-source], in a package: writes the JavaScript of `dist`, beside the
// declarations that tsc wrote: ES modules for `import`, CommonJS for `require`, each with declarations of its own.
//
// What the entry points need lies in few files, since each costs about half a millisecond when a program starts: with one
// for each source file `import "@dagstack/logger"` took twice as long as pino's. A package that finds its own files asks
// for one per source; its ES modules are tsc's. Nothing is minified, no other package is taken in, and constants stay
// `const`, which V8 makes faster code of than of `var`. Comments stay in the declarations, where editors show them: twice
// in the code they were a third of what is installed.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { rolldown } from "rolldown";
import { importsOf } from "./checks/source-imports.mjs";
import { commonJs } from "./common-js.mjs";
import { declarationsForRequire } from "./declarations-for-require.mjs";

const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const oneFilePerSource = process.argv.includes("--one-file-per-source");

/** Every `./dist/….js` that a target of `exports` or `imports` names, at any depth of conditions. */
function builtFiles(target) {
  if (typeof target === "object") return Object.values(target).flatMap(builtFiles);
  return target.startsWith("./dist/") && target.endsWith(".js") ? [target] : [];
}

/** The declaration files that the entry points lead to. */
function reachable(entries) {
  const files = new Set(entries.map((entry) => join(entry)));
  for (const file of files) {
    for (const name of importsOf(file)) {
      if (name.startsWith(".")) files.add(join(dirname(file), name.replace(/\.ts$/, ".d.ts")));
    }
  }
  return files;
}

function write(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

// An earlier build may have left files: of sources that are gone, or with names that change with what is in them.
const rewritten = oneFilePerSource ? /\.d\.cts$|\.cjs$|\.map$/ : /\.d\.cts$|\.c?js$|\.map$/;
for (const file of readdirSync("dist", { recursive: true })) {
  const source = join("src", file.replace(/(\.d)?\.c?[jt]s$/, ".ts"));
  if (rewritten.test(file) || (file.includes(".") && !existsSync(source))) rmSync(join("dist", file));
}

const files = new Set(builtFiles({ ...manifest.exports, ...manifest.imports }));
const names = [...files].map((file) => file.slice("./dist/".length, -".js".length));
const bundle = await rolldown({
  input: Object.fromEntries(names.map((name) => [name, `src/${name}.ts`])),
  external: /^[^./]/,
  platform: "neutral",
});
const { output } = await bundle.generate({
  format: "esm",
  comments: { annotation: true, jsdoc: false, legal: false },
  ...(oneFilePerSource
    ? { preserveModules: true, preserveModulesRoot: "src" }
    : {
        chunkFileNames: "[name]-[hash].js",
        codeSplitting: { groups: [{ name: "shared/shared", minShareCount: 2 }] },
      }),
});
await bundle.close();

for (const { fileName, code } of output) {
  const file = join("dist", fileName);
  if (!oneFilePerSource) write(file, code);
  write(file.replace(/\.js$/, ".cjs"), commonJs(code, fileName));
}

const entries = Object.values(manifest.exports).filter((target) => target.require !== undefined);
for (const entry of entries) write(entry.require.types, declarationsForRequire(entry.import.types));
const read = reachable(entries.map((entry) => entry.import.types));
for (const file of readdirSync("dist", { recursive: true })) {
  const path = join("dist", file);
  if (file.endsWith(".d.ts") && !read.has(path)) rmSync(path);
}
