// Makes src/generated/*.ts from data/*.json (§14.5) and package.json, and the example's ranges. With --check it writes nothing and fails when a file has drifted.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const read = (path) => JSON.parse(readFileSync(join(root, path), "utf8"));
const text = JSON.stringify;
const list = (items, indent = "  ") => items.map((item) => `${indent}${text(item)},\n`).join("");

function severity() {
  const data = read("packages/logger-core/data/severity.json");
  const names = {};
  for (const level of data.levels) names[level.short_name] = level.severity_number;
  for (const name of data.texts) names[`${name}1`] = names[name];
  Object.assign(names, data.aliases);
  const primary = Object.entries(data.primary).map(([name, n]) => `  ${name.toUpperCase()}: ${n},\n`);
  return `
/** The six canonical texts (§2). */
export type SeverityText = ${data.texts.map((t) => text(t)).join(" | ")};

/** The number that each log method emits (§2). */
export const Severity: {
${Object.entries(data.primary)
  .map(([name, n]) => `  readonly ${name.toUpperCase()}: ${n};\n`)
  .join("")}} = Object.freeze({
${primary.join("")}});

export const MIN_SEVERITY = ${data.min};
export const MAX_SEVERITY = ${data.max};
export const DEFAULT_SEVERITY = ${data.default};

/** The text of each severity number; index 0 is unused. */
export const SEVERITY_TEXTS: readonly SeverityText[] = Object.freeze([
  ${text(data.texts[0])},
${list(data.levels.map((level) => level.severity_text))}]);

/** Every spelling of a level by name, upper case (D-76). */
export const LEVEL_NAMES: ReadonlyMap<string, number> = new Map([
${Object.entries(names)
  .map(([name, n]) => `  [${text(name)}, ${n}],\n`)
  .join("")}]);
`;
}

function secretSuffixes() {
  const data = read("packages/logger-core/data/secret-suffixes.json");
  return `
/** Replaces the value under a secret key (§10.1). */
export const MASKED_PLACEHOLDER = ${text(data.mask)};

/** The base set, fixed by the specification (§10.1). Frozen. */
export const DEFAULT_SECRET_SUFFIXES: readonly string[] = Object.freeze([
${list(data.base)}]);

/** What the base set misses in JavaScript code; opt in with \`preset: "strict"\` or \`extraSuffixes\` (D-80). Frozen. */
export const RECOMMENDED_EXTRA_SUFFIXES: readonly string[] = Object.freeze([
${list(data.recommended_extra)}]);
`;
}

function secretNames() {
  const data = read("packages/logger-core/data/secret-names.json");
  const words = (items) => `${text(items.join(" "))}.split(" ")`;
  return `
/** Names of keys that are masked beside the suffixes, as they are compared: lower case, without \`-\` and \`_\`. Frozen. */
export const DEFAULT_SECRET_NAMES: readonly string[] = /* @__PURE__ */ Object.freeze(
  /* @__PURE__ */ ${words(Object.values(data.names).flat())},
);

/** A key is secret whose last word ends in one of these. */
export const SECRET_LAST_WORDS: readonly string[] = /* @__PURE__ */ ${words(data.last_words)};

/** And one whose last two words are one of these. */
export const SECRET_LAST_PAIRS: readonly string[] = /* @__PURE__ */ ${words(data.last_word_pairs)};

/** Further names of secrets in the query of a URL. */
export const SECRET_QUERY_NAMES: readonly string[] = /* @__PURE__ */ ${words(data.query_names)};

/** Headers whose values are shown of requests and responses. */
export const SHOWN_HEADERS: readonly string[] = /* @__PURE__ */ ${words(data.shown_headers)};
`;
}

function secretValues() {
  const data = read("packages/logger-core/data/secret-values.json");
  const rows = data.patterns.map(({ name, pattern, check }) => {
    return `  { name: ${text(name)}, pattern: ${text(pattern)}, isCardNumber: ${check === "card"} },\n`;
  });
  return `
/** What values look like that are secrets: all that matches is masked but the first group. */
export const SECRET_VALUE_PATTERNS: readonly {
  readonly name: string;
  readonly pattern: string;
  readonly isCardNumber: boolean;
}[] = [
${rows.join("")}];
`;
}

function diagnosticEvents() {
  const data = read("packages/logger-core/data/diagnostics.json");
  const rows = Object.entries(data.events).map(
    ([name, event]) =>
      `  ${name}: { schemaVersion: ${text(event.schema_version)}, severityNumber: ${event.severity_number}, description: ${text(event.description)} },\n`,
  );
  return `
/** \`event.domain\` of every diagnostic (§7.4). */
export const DIAGNOSTIC_DOMAIN = ${text(data.domain)};

/** The names of the diagnostics (§7.4). */
export type DiagnosticEvent =
${Object.keys(data.events)
  .map((name) => `  | ${text(name)}`)
  .join("\n")};

/** Schema version, severity and meaning of each diagnostic. */
export const DIAGNOSTIC_EVENTS: {
  readonly [E in DiagnosticEvent]: {
    readonly schemaVersion: string;
    readonly severityNumber: number;
    readonly description: string;
  };
} = Object.freeze({
${rows.join("")}});
`;
}

function baggageKeys() {
  const data = read("packages/logger/data/baggage-keys.json");
  return `
/** W3C Baggage entries copied into attributes unless \`baggageKeys\` says otherwise (§3.4). */
export const DEFAULT_BAGGAGE_KEYS: readonly string[] = Object.freeze([
${list(data.default)}]);

/** Other spellings in the baggage, by attribute key; the attribute's own name wins (D-27). */
export const BAGGAGE_ALIASES: ReadonlyMap<string, string> = new Map([
${Object.entries(data.aliases)
  .map(([alias, key]) => `  [${text(key)}, ${text(alias)}],\n`)
  .join("")}]);
`;
}

function version() {
  const { version: current, name } = read("packages/logger/package.json");
  return `
/** \`telemetry.sdk.name\` (§4.2). */
export const SDK_NAME = ${text(name)};

/** \`telemetry.sdk.version\`. */
export const SDK_VERSION = ${text(current)};
`;
}

/** Not code: the example of a repository elsewhere depends on what this one would release now. */
function strangersManifest() {
  const manifest = read(STRANGER);
  const folders = {
    "logger-core": "packages/logger-core",
    logger: "packages/logger",
    "sink-conformance": "conformance",
  };
  for (const dependencies of [manifest.dependencies, manifest.devDependencies]) {
    for (const [name, folder] of Object.entries(folders)) {
      const key = `@dagstack/${name}`;
      if (key in dependencies) dependencies[key] = `^${read(`${folder}/package.json`).version}`;
    }
  }
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

const STRANGER = "examples/third-party-sink/package.json";
const code = (source, make) => `// Generated from ${source} by \`pnpm generate\`. Do not edit.\n${make()}`;
const targets = [
  ["packages/logger-core/src/generated/severity.ts", "data/severity.json", severity],
  ["packages/logger-core/src/generated/secret-suffixes.ts", "data/secret-suffixes.json", secretSuffixes],
  ["packages/logger-core/src/generated/secret-names.ts", "data/secret-names.json", secretNames],
  ["packages/logger-core/src/generated/secret-values.ts", "data/secret-values.json", secretValues],
  ["packages/logger-core/src/generated/diagnostic-events.ts", "data/diagnostics.json", diagnosticEvents],
  ["packages/logger/src/generated/baggage-keys.ts", "data/baggage-keys.json", baggageKeys],
  ["packages/logger/src/generated/version.ts", "package.json", version],
  [STRANGER, "the versions of our packages", strangersManifest, (_, make) => make()],
];

const check = process.argv.includes("--check");
let drifted = 0;
for (const [path, source, make, form = code] of targets) {
  const content = form(source, make);
  const file = join(root, path);
  const current = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (current === content) continue;
  if (check) {
    console.error(`${path} does not match ${source}: run \`pnpm generate\``);
    drifted += 1;
  } else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    console.log(`wrote ${path}`);
  }
}
process.exitCode = drifted === 0 ? 0 : 1;
