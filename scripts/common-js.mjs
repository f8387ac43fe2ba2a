// An ES module that rolldown wrote, as CommonJS. Rolldown's own reads every import from an object each time it is used,
// partly through getters; here they are constants, as fast as in an ES module. That takes modules which do not import
// each other in a circle, as chunks never do.
import { parseAst } from "rolldown/parseAst";

/** @throws when the module has an import or an export of a kind that is not handled here. */
export function commonJs(code, name) {
  const unhandled = (node) => {
    throw new Error(`${name}: cannot be made CommonJS: ${code.slice(node.start, node.end)}`);
  };
  const edits = [];
  for (const node of found(parseAst(code, { lang: "js" }))) {
    const text = rewritten(node) ?? unhandled(node);
    edits.push({ start: node.start, end: node.end, text });
  }
  let result = "";
  let at = 0;
  for (const { start, end, text } of edits.sort((a, b) => a.start - b.start)) {
    result += code.slice(at, start) + text;
    at = end;
  }
  return `"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\n${result}${code.slice(at)}`;
}

function rewritten(node) {
  switch (node.type) {
    case "ImportDeclaration":
      return required(node);
    case "ExportNamedDeclaration":
      if (node.declaration !== null) return undefined;
      if (node.source !== null) return passedOn(node);
      return node.specifiers.map(({ local, exported }) => `exports.${exported.name} = ${local.name};`).join("\n");
    case "MemberExpression":
      return node.property.name === "url" ? 'require("node:url").pathToFileURL(__filename).href' : undefined;
    default:
      return undefined;
  }
}

/** An entry point of which all lies in a chunk. */
function passedOn({ source, specifiers }) {
  const names = specifiers.map(({ local, exported }) => `exports.${exported.name} = chunk.${local.name};`);
  return `{\nconst chunk = ${callFor(source)};\n${names.join("\n")}\n}`;
}

function callFor(source) {
  return `require(${JSON.stringify(source.value.replace(/^(\..*)\.js$/, "$1.cjs"))})`;
}

function required({ source, specifiers }) {
  const call = callFor(source);
  if (specifiers.length === 0) return `${call};`;
  if (specifiers[0].type === "ImportNamespaceSpecifier") return `const ${specifiers[0].local.name} = ${call};`;
  if (specifiers.some(({ type }) => type !== "ImportSpecifier")) return undefined;
  const names = specifiers.map(({ imported, local }) =>
    imported.name === local.name ? local.name : `${imported.name}: ${local.name}`,
  );
  return `const { ${names.join(", ")} } = ${call};`;
}

const MODULE_SYNTAX = /^(Import|Export)(Default|Named|All)?(Declaration)$/;

/** What CommonJS says in another way, anywhere in the module. A computed `import()` stays what it is. */
function* found(node) {
  const isMeta = node.type === "MemberExpression" && node.object.type === "MetaProperty";
  const isOwnImport = node.type === "ImportExpression" && String(node.source.value ?? "").startsWith(".");
  if (MODULE_SYNTAX.test(node.type) || (isMeta && node.object.meta.name === "import") || isOwnImport) {
    yield node;
    return;
  }
  for (const child of Object.values(node).flat()) {
    if (typeof child === "object" && child !== null && typeof child.type === "string") yield* found(child);
  }
}
