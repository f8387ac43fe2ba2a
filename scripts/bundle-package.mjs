// node ../../scripts/bundle-package.mjs, in a package: writes the JavaScript of `dist`, beside the declarations that tsc
// wrote. What the entry points need lies in few files, since each costs about half a millisecond when a program starts:
// with one for each source file `import "@dagstack/logger"` took twice as long as pino's. Nothing is minified, no other
// package is taken in, and constants stay `const`, which V8 makes faster code of than of `var`.
import { readFileSync, rmSync } from "node:fs";
import { rolldown } from "rolldown";

const manifest = JSON.parse(readFileSync("package.json", "utf8"));

/** Every `./dist/….js` that a target of `exports` or `imports` names, at any depth of conditions. */
function builtFiles(target) {
  if (typeof target === "object") return Object.values(target).flatMap(builtFiles);
  return target.startsWith("./dist/") && target.endsWith(".js") ? [target] : [];
}

const files = new Set(builtFiles({ ...manifest.exports, ...manifest.imports }));
const names = [...files].map((file) => file.slice("./dist/".length, -".js".length));
const bundle = await rolldown({
  input: Object.fromEntries(names.map((name) => [name, `src/${name}.ts`])),
  external: /^[^./]/,
  platform: "neutral",
});
rmSync("dist/shared", { recursive: true, force: true }); // the names in it change with what is in them
await bundle.write({
  dir: "dist",
  format: "esm",
  chunkFileNames: "[name]-[hash].js",
  codeSplitting: { groups: [{ name: "shared/shared", minShareCount: 2 }] },
  sourcemap: true,
});
await bundle.close();
