// What a source file imports, read from its syntax tree: type-only imports count, text in strings and comments does not.
import { readFileSync } from "node:fs";
import { parseAst } from "rolldown/parseAst";

/** The module names that a TypeScript file names in imports, re-exports, `import()` and `import("…")` types. */
export function importsOf(path) {
  const found = [];
  visit(parseAst(readFileSync(path, "utf8"), { lang: "ts" }), found);
  return [...new Set(found)];
}

const NAMING = new Set([
  "ImportDeclaration",
  "ExportNamedDeclaration",
  "ExportAllDeclaration",
  "ImportExpression",
  "TSImportType",
]);

function visit(node, found) {
  if (NAMING.has(node.type)) {
    const name = node.source?.value;
    if (typeof name === "string") found.push(name);
  }
  for (const child of Object.values(node)) {
    if (Array.isArray(child)) for (const item of child) visitChild(item, found);
    else visitChild(child, found);
  }
}

function visitChild(child, found) {
  if (typeof child === "object" && child !== null && typeof child.type === "string") visit(child, found);
}
