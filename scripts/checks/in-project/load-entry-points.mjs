// node load-entry-points.mjs <specifier>…: run inside the project that has the packages installed.
import { strictEqual } from "node:assert/strict";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const names = (module) =>
  Object.keys(module)
    .filter((name) => name !== "__esModule" && name !== "module.exports")
    .sort();

for (const specifier of process.argv.slice(2)) {
  const imported = await import(specifier);
  const found = names(imported);
  strictEqual(found.length > 0, true, `${specifier} exports nothing`);
  strictEqual(found.includes("default"), false, `${specifier} has a default export`);
  strictEqual(names(require(specifier)).join(), found.join(), `${specifier}: require and import differ`);
  for (const name of found) strictEqual(imported[name] !== undefined, true, `${specifier}: ${name} is undefined`);
}
