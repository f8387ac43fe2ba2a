import { deepEqual, match } from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { problemsOf, readSources } from "../checks/rooms.mjs";
import { importsOf } from "../checks/source-imports.mjs";

const folder = mkdtempSync(join(tmpdir(), "dagstack-rooms-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const house = {
  floors: [["@x/core"], ["@x/sink-a", "@x/sink-b"], ["@x/logger"]],
  beside: ["@x/harness"],
  rooms: { "@x/core": ["low", ["left", "right"], "high"] },
  nodeOnly: [],
  maxFiles: 3,
  maxLines: 5,
};

let count = 0;

/** The findings, flat, of a package whose sources are these. */
function findings(files, name = "@x/core") {
  const source = join(folder, String(count++));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(source, path)), { recursive: true });
    writeFileSync(join(source, path), text);
  }
  return Object.values(problemsOf(readSources(source), { name }, house)).flat();
}

const sound = {
  "index.ts": 'export { high } from "./high/index.ts";',
  "low/index.ts": "export const low = 1;",
  "high/index.ts": 'export { high } from "./high.ts";',
  "high/high.ts": 'import { low } from "../low/index.ts";\nexport const high = low;',
};

test("imports that go down through doors are fine", () => deepEqual(findings(sound), []));

for (const [what, file, text, expected] of [
  ["up", "low/up.ts", 'import "../high/index.ts";', /high is not below low/],
  ["up by a type only", "low/up.ts", 'import type { High } from "../high/index.ts";', /high is not below low/],
  ["up by an import type", "low/up.ts", 'export type H = import("../high/index.ts").H;', /high is not below low/],
  ["up to the top", "low/up.ts", 'import "../index.ts";', /does not know the room \./],
  ["across a floor", "left/a.ts", 'import "../right/index.ts";', /right is not below left/],
  ["past a door", "high/past.ts", 'import "../low/low.ts";', /the door of low is its index\.ts/],
  [
    "into a room without a place in the order",
    "high/x.ts",
    'import "../cellar/index.ts";',
    /does not know the room cellar/,
  ],
]) {
  test(`an import ${what} is found`, () => {
    const others = { "right/index.ts": "", "left/index.ts": "", "low/low.ts": "", "cellar/index.ts": "" };
    const found = findings({ ...sound, ...others, [file]: text });
    match(found.join("\n"), expected);
    deepEqual(found.length, 1);
  });
}

test("a circle is found, also one of types only", () => {
  const found = findings({ "a.ts": 'import type { B } from "./b.ts";', "b.ts": 'export * from "./a.ts";' });
  deepEqual(found.length, 1);
  match(found[0], /(a\.ts → b\.ts → a\.ts|b\.ts → a\.ts → b\.ts)/);
});

for (const [what, name, text, expected] of [
  ["a sink by a sink", "@x/sink-a", 'import "@x/sink-b";', /not on a lower floor/],
  ["the logger by a sink", "@x/sink-a", 'import "@x/logger";', /not on a lower floor/],
  ["anything by core", "@x/core", 'import "@x/sink-a/x";', /not on a lower floor/],
  ["a test's package", "@x/logger", 'import "@x/harness";', /only tests use it/],
  ["a node: module", "@x/logger", 'import "node:fs";', /imports node:fs/],
]) {
  test(`the import of ${what} is found`, () => match(findings({ "index.ts": text }, name).join("\n"), expected));
}

test("the logger may import a sink, a sink core", () => {
  deepEqual(findings({ "index.ts": 'import "@x/sink-a";\nimport "@x/core/wire";' }, "@x/logger"), []);
  deepEqual(findings({ "index.ts": 'import "@x/core";' }, "@x/sink-a"), []);
});

test("a long file and a crowded folder are found", () => {
  match(findings({ "index.ts": "\n".repeat(6) }).join("\n"), /index\.ts has 6 lines/);
  match(findings({ "a.ts": "", "b.ts": "", "c.ts": "", "d.ts": "" }).join("\n"), /\. holds 4 files/);
});

test("what looks like an import in a string or a comment is none", () => {
  const path = join(folder, "text.ts");
  writeFileSync(path, 'const a = `import "./b.ts"`; // import "./c.ts"\nexport { a };\nawait import("./d.ts");');
  deepEqual(importsOf(path), ["./d.ts"]);
});
