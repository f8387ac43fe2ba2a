import { deepEqual, equal, match, throws } from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { commonJs } from "../common-js.mjs";
import { declarationsForRequire } from "../declarations-for-require.mjs";

/** Runs the CommonJS text of an ES module; `modules` answers its requires. */
function run(code, modules = {}) {
  const exports = {};
  const require = (name) => modules[name] ?? process.getBuiltinModule(name);
  new Function("exports", "require", "__filename", commonJs(code, "module.js"))(exports, require, "/a/module.cjs");
  return exports;
}

test("imports become constants from the .cjs beside, exports are assigned under their public names", () => {
  const code = 'import { a as b, c } from "./shared.js";\nconst sum = b + c;\nexport { sum as total, b };\n';
  deepEqual({ ...run(code, { "./shared.cjs": { a: 1, c: 2 } }) }, { total: 3, b: 1 });
});

test("what is passed on from a chunk is exported under its public name", () => {
  const code = 'export { s as Sink, make } from "./shared.js";\nexport { t as Text } from "./text.js";\n';
  const exported = run(code, { "./shared.cjs": { s: 1, make: 2 }, "./text.cjs": { t: 3 } });
  deepEqual({ ...exported }, { Sink: 1, make: 2, Text: 3 });
});

test("other packages keep their names, and a namespace is the module", () => {
  const code = 'import * as all from "elsewhere.js";\nimport "for-effect";\nexport { all };';
  const elsewhere = { x: 1 };
  equal(run(code, { "elsewhere.js": elsewhere, "for-effect": {} }).all, elsewhere);
});

test("the result is strict, and says that it was an ES module", () => {
  const exported = run("const self = (function () { return this; })();\nexport { self };");
  deepEqual([exported.self, exported.__esModule], [undefined, true]);
});

test("import.meta.url is the file's URL, in code and not in texts", () => {
  const { here, text } = run('const here = import.meta.url, text = "import.meta.url";\nexport { here, text };');
  deepEqual([here, text], ["file:///a/module.cjs", "import.meta.url"]);
});

for (const code of [
  'import fallback from "x";',
  "export const a = 1;",
  "export default 1;",
  'export * from "./a.js";',
  'const later = import("./a.js");',
  "const dir = import.meta.dirname;",
]) {
  test(`refused, since it would mean something else: ${code}`, () => {
    throws(() => commonJs(code, "module.js"), /module\.js: cannot be made CommonJS: /);
  });
}

test("a computed import stays: CommonJS has it, too", () => {
  match(commonJs("const load = (url) => import(url);\nexport { load };", "m.js"), /import\(url\)/);
});

function declared(files) {
  const folder = mkdtempSync(join(tmpdir(), "dagstack-declared-"));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return declarationsForRequire(join(folder, "index.d.ts"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("types are re-exported, values told by their type, with their documentation", () => {
  const text = declared({
    "index.d.ts": 'export { type Options, Sink, make, Level } from "./sink.ts";\n',
    "sink.d.ts": `import type { Item } from "./item.ts";
export interface Options { }
/** A sink. */
export declare class Sink<A, B = Item> { }
export declare function make(): void;
export declare const Level: { readonly INFO: 9 };
export type Level = 9;
`,
    "item.d.ts": "export interface Item { }\n",
  });
  const esm = 'with { "resolution-mode": "import" }';
  equal(
    text,
    `export type { Options } from "./index.js" ${esm};
import type * as esm from "./index.js" ${esm};
/** A sink. */
export declare const Sink: typeof esm.Sink;
export type Sink<A, B = import("./item.js", { ${esm.replace("with", "with:")} }).Item> = esm.Sink<A, B>;
export declare const make: typeof esm.make;
export declare const Level: typeof esm.Level;
export type Level = esm.Level;
`,
  );
});

test("a name that hides behind export * is refused", () => {
  throws(() => declared({ "index.d.ts": 'export * from "./sink.ts";\n' }), /export \*/);
});
