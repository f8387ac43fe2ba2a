// What TypeScript reads of the `require` build. It says nothing of its own: every name is the one of the `import` build,
// so that both formats have one `Logger`, and what a CommonJS package hands to an ES module fits.
import { readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { parseAst } from "rolldown/parseAst";

const ESM = `with { "resolution-mode": "import" }`;

/** The text of `….d.cts` for an entry point's `….d.ts`. */
export function declarationsForRequire(file) {
  const names = exportsOf(file);
  const entry = `./${posix.basename(file).replace(/\.d\.ts$/, ".js")}`;
  const types = [...names].filter(([, { typeOnly }]) => typeOnly).map(([name]) => name);
  const values = [...names].filter(([, { typeOnly }]) => !typeOnly);
  const lines = [];
  if (types.length > 0) lines.push(`export type { ${types.join(", ")} } from "${entry}" ${ESM};`);
  if (values.length > 0) lines.push(`import type * as esm from "${entry}" ${ESM};`);
  for (const [name, found] of values) lines.push(...redeclared(name, found, file));
  return `${lines.join("\n")}\n`;
}

/** A value cannot be re-exported from an ES module without loading it; its type can be told. */
function redeclared(name, { doc, parameters, isType, source }, entry) {
  const lines = [`${doc}export declare const ${name}: typeof esm.${name};`];
  if (!isType) return lines;
  const declared = parameters.map((parameter) => parameterText(parameter, source, entry));
  const given = parameters.map((parameter) => parameter.name.name);
  const list = (items) => (items.length === 0 ? "" : `<${items.join(", ")}>`);
  lines.push(`export type ${name}${list(declared)} = esm.${name}${list(given)};`);
  return lines;
}

/** `Item = LogRecord`, with `LogRecord` imported on the spot. */
function parameterText({ name, constraint, default: fallback }, source, entry) {
  if (constraint) throw new Error(`${source.file}: a type parameter with a constraint: teach ${import.meta.url}`);
  if (!fallback) return name.name;
  return `${name.name} = ${importedType(fallback, source, entry)}`;
}

function importedType(type, source, entry) {
  if (type.type !== "TSTypeReference") return source.text.slice(type.start, type.end);
  const used = type.typeName.name;
  const from = source.imports.get(used);
  if (from === undefined) return `esm.${used}`;
  if (!from.startsWith(".")) return `import("${from}").${used}`;
  const path = posix.relative(dirname(entry), posix.join(dirname(source.file), from)).replace(/\.ts$/, ".js");
  return `import("${path.startsWith(".") ? path : `./${path}`}", { ${ESM.replace("with", "with:")} }).${used}`;
}

/** Every exported name of a declaration file, followed to where it is declared. */
function exportsOf(file) {
  const source = read(file);
  const names = new Map();
  for (const statement of source.body) {
    if (statement.type === "ExportAllDeclaration") throw new Error(`${file}: export * hides the names it exports`);
    if (statement.type !== "ExportNamedDeclaration") continue;
    const typeStatement = statement.exportKind === "type";
    for (const { local, exported, exportKind } of statement.specifiers) {
      const found = declarationOf(statement.source ? target(file, statement.source.value) : file, local.name);
      const typeOnly = found.typeOnly || typeStatement || exportKind === "type";
      names.set(exported.name, { ...found, typeOnly });
    }
    for (const name of declaredNames(statement.declaration)) names.set(name, declarationOf(file, name));
  }
  return names;
}

function target(file, specifier) {
  if (!specifier.startsWith(".")) return specifier;
  return join(dirname(file), specifier.replace(/(\.d)?\.[jt]s$/, ".d.ts"));
}

const TYPES = new Set(["TSInterfaceDeclaration", "TSTypeAliasDeclaration"]);

function declarationOf(file, name) {
  if (!file.endsWith(".d.ts")) return fromPackage(file, name);
  const source = read(file);
  const statements = source.body.filter((statement) => declaredNames(statement.declaration).includes(name));
  if (statements.length === 0) return followed(file, source, name);
  const isType = ({ declaration }) => TYPES.has(declaration.type);
  const value = statements.find((statement) => !isType(statement));
  const shown = value ?? statements[0];
  const isClass = value?.declaration.type === "ClassDeclaration";
  return {
    typeOnly: value === undefined,
    isType: isClass || statements.some(isType),
    parameters: (isClass && value.declaration.typeParameters?.params) || [],
    doc: docBefore(source.text, shown.start),
    source,
  };
}

function followed(file, source, name) {
  for (const statement of source.body) {
    const specifier = statement.specifiers?.find(({ exported }) => exported?.name === name);
    if (statement.type !== "ExportNamedDeclaration" || specifier === undefined) continue;
    const found = declarationOf(target(file, statement.source.value), specifier.local.name);
    const typeOnly = found.typeOnly || statement.exportKind === "type" || specifier.exportKind === "type";
    return { ...found, typeOnly };
  }
  throw new Error(`${file} does not export ${name}`);
}

/** A name of another package, as its own declarations have it. */
function fromPackage(specifier, name) {
  const [scope, folder, ...rest] = specifier.split("/");
  const path = join("node_modules", scope, folder);
  const { exports } = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
  return declarationOf(join(path, exports[[".", ...rest].join("/")].import.types), name);
}

function declaredNames(declaration) {
  if (!declaration) return [];
  if (declaration.declarations) return declaration.declarations.map(({ id }) => id.name);
  return declaration.id ? [declaration.id.name] : [];
}

function docBefore(text, start) {
  return /\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*$/.exec(text.slice(0, start))?.[0].trimEnd().concat("\n") ?? "";
}

const sources = new Map();

function read(file) {
  const known = sources.get(file);
  if (known !== undefined) return known;
  const text = readFileSync(file, "utf8");
  const { body } = parseAst(text, { lang: "dts" });
  const imports = new Map();
  for (const { type, source, specifiers } of body) {
    if (type !== "ImportDeclaration") continue;
    for (const { local } of specifiers) imports.set(local.name, source.value);
  }
  const parsed = { file, text, body, imports };
  sources.set(file, parsed);
  return parsed;
}
