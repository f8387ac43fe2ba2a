/** What users write about redaction, and the redactor that it makes (§10.4, D-87). */

import { DEFAULT_SECRET_NAMES } from "../generated/secret-names.ts";
import { DEFAULT_SECRET_SUFFIXES, RECOMMENDED_EXTRA_SUFFIXES } from "../generated/secret-suffixes.ts";
import { ConfigError, type ConfigIssue, describeValue, OptionsCheck } from "../options/index.ts";
import { KeyPaths, pathSteps } from "./key-paths.ts";
import { Pseudonyms } from "./pseudonyms.ts";
import { type PseudonymRule, Redactor, type Serializer } from "./redactor.ts";
import { nameOf, normalKey } from "./secret-names.ts";

/** What is masked, and what stands for values of one's own. */
export interface RedactionConfig {
  /**
   * `standard` (default): keys by the specification's suffixes and by well-known names (`password`, `authorization`,
   * `apiKey`, `githubToken`, …), also where a list or map holds a name and its value. `base`: the suffixes alone, exactly
   * as the specification has them. `strict`: more suffixes, keys in bodies that are maps, and values that look like
   * secrets, such as tokens, private keys and card numbers.
   */
  readonly preset?: "standard" | "base" | "strict" | undefined;
  /** More suffixes: lower-case printable ASCII without white space. */
  readonly extraSuffixes?: readonly string[] | undefined;
  /** More names, compared without regard to case, `-` and `_`: `["pesel"]`. */
  readonly names?: readonly string[] | undefined;
  /** Places in the attributes: `["req.headers.authorization", "users.*.ssn"]`. */
  readonly paths?: readonly string[] | undefined;
  /** Use `extraSuffixes` and `names` instead of the preset's. With none, nothing is masked. Default false. */
  readonly replaceDefaults?: boolean | undefined;
  /** Do not report that nothing is masked. Default false. */
  readonly suppressDisableWarning?: boolean | undefined;
  /**
   * Values that are replaced by a pseudonym (HMAC-SHA256), so that records of one user can still be found: keys wherever
   * they stand, or paths when they have dots. The salt keeps others from finding values out by trying: keep it secret.
   */
  readonly pseudonymize?: { readonly keys: readonly string[]; readonly salt: string } | undefined;
  /** What to log in place of values, by their key. What is answered is masked like any value. */
  readonly serializers?: Readonly<Record<string, Serializer>> | undefined;
}

const OPTIONS = [
  "preset",
  "extraSuffixes",
  "names",
  "paths",
  "replaceDefaults",
  "suppressDisableWarning",
  "pseudonymize",
  "serializers",
];
const PRESETS = ["standard", "base", "strict"] as const;
const LEAST_SALT = 16;

function suffixIssue(path: string, index: number, suffix: unknown): ConfigIssue | undefined {
  const at = `${path}[${index}]`;
  if (typeof suffix !== "string") {
    return { path: at, reason: "type_mismatch", received: describeValue(suffix), allowed: "a string" };
  }
  const refused = (text: string, fix: string): ConfigIssue => ({
    path: at,
    reason: "validation_failed",
    text: `${text} (${at}: got ${describeValue(suffix)}; fix: ${fix})`,
  });
  if (suffix === "")
    return refused("redaction.extra_suffixes contains an empty string", "remove it; it would match every key");
  if (/\s/u.test(suffix)) return refused("redaction.extra_suffixes contains whitespace", "remove the white space");
  if (!/^[\x21-\x40\x5b-\x7e]+$/.test(suffix)) {
    return refused(
      "redaction.extra_suffixes must be lowercase ASCII",
      "matching ignores case, so write it in lower case",
    );
  }
  if (/[*[\]]|[^.]\./.test(suffix)) {
    return refused("redaction.extra_suffixes contains a path, which no key ends in", "put it into redaction.paths");
  }
  return undefined;
}

/** Checks the items of a list of texts. */
function checkTexts(
  check: OptionsCheck,
  key: string,
  example: string,
  issueOf: (text: string) => { readonly allowed: string; readonly fix: string } | undefined,
): void {
  const list = check.get(key);
  if (list === undefined) return;
  const allowed = `a list of texts such as ${example}`;
  if (!Array.isArray(list)) {
    check.add({ path: check.path(key), reason: "type_mismatch", received: describeValue(list), allowed });
    return;
  }
  list.forEach((item: unknown, index) => {
    const path = `${check.path(key)}[${index}]`;
    if (typeof item !== "string") {
      check.add({ path, reason: "type_mismatch", received: describeValue(item), allowed: "a text" });
      return;
    }
    const issue = issueOf(item);
    if (issue !== undefined) {
      check.add({ path, reason: "validation_failed", received: describeValue(item), ...issue });
    }
  });
}

const nameIssue = (name: string): { allowed: string; fix: string } | undefined => {
  if (/[.[\]*]/.test(name)) return { allowed: "the name of a key", fix: "put a path into redaction.paths" };
  return nameOf(normalKey(name)) === "" ? { allowed: "a name with letters", fix: "remove it" } : undefined;
};

const pathIssue = (path: string): { allowed: string; fix: string } | undefined =>
  pathSteps(path) === undefined
    ? { allowed: 'a path such as "req.headers.authorization", "users.*.ssn" or \'a["b-c"]\'', fix: "write it like one" }
    : undefined;

/** The problems of a redaction setting (§10.4), none when it is good. `path` is where it was configured. */
export function redactionIssues(config: unknown, path = "redaction"): ConfigIssue[] {
  const issues: ConfigIssue[] = [];
  const check = new OptionsCheck("redaction", config, OPTIONS, `${path}.`, issues);
  const preset = check.oneOf("preset", PRESETS, "standard");
  const replaceDefaults = check.boolean("replaceDefaults", false);
  check.boolean("suppressDisableWarning", false);
  if (preset === "strict" && replaceDefaults) {
    issues.push({
      path: `${path}.replaceDefaults`,
      reason: "validation_failed",
      received: 'true beside preset "strict"',
      allowed: 'one of the two: "strict" adds to the base set, replaceDefaults removes it',
      fix: "drop replaceDefaults, or drop the preset and list every suffix in extraSuffixes",
    });
  }
  checkSuffixes(check);
  checkTexts(check, "names", '["pesel"]', nameIssue);
  checkTexts(check, "paths", '["req.headers.authorization"]', pathIssue);
  checkPseudonymize(check, issues);
  checkSerializers(check);
  return issues;
}

function checkSuffixes(check: OptionsCheck): void {
  const path = check.path("extraSuffixes");
  const suffixes = check.get("extraSuffixes");
  if (suffixes === undefined) return;
  if (!Array.isArray(suffixes)) {
    const allowed = 'a list of suffixes such as ["_pin"]';
    check.add({ path, reason: "type_mismatch", received: describeValue(suffixes), allowed });
    return;
  }
  suffixes.forEach((suffix, index) => {
    const issue = suffixIssue(path, index, suffix);
    if (issue !== undefined) check.add(issue);
  });
}

function checkPseudonymize(check: OptionsCheck, issues: ConfigIssue[]): void {
  const value = check.get("pseudonymize");
  if (value === undefined) return;
  const path = check.path("pseudonymize");
  const inner = new OptionsCheck("pseudonymize", value, ["keys", "salt"], `${path}.`, issues);
  checkTexts(inner, "keys", '["user.id"]', pathIssue);
  const missing = (key: string, allowed: string): ConfigIssue => ({
    path: `${path}.${key}`,
    reason: "missing",
    allowed,
  });
  if (inner.get("keys") === undefined) check.add(missing("keys", 'a list of keys such as ["user.id"]'));
  const salt = inner.get("salt");
  if (typeof salt === "string" && salt.length >= LEAST_SALT) return;
  check.add({
    path: `${path}.salt`,
    reason: salt === undefined ? "missing" : "validation_failed",
    received: typeof salt === "string" ? `a text of ${salt.length} characters` : typeof salt, // it is secret
    allowed: `a text of at least ${LEAST_SALT} characters`,
    fix: "make one by chance and keep it where secrets are kept",
  });
}

function checkSerializers(check: OptionsCheck): void {
  const value = check.get("serializers");
  if (value === undefined) return;
  const path = check.path("serializers");
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const allowed = "an object of functions by key";
    check.add({ path, reason: "type_mismatch", received: describeValue(value), allowed });
    return;
  }
  for (const [key, serializer] of Object.entries(value)) {
    if (typeof serializer === "function") continue;
    const received = describeValue(serializer);
    check.add({ path: `${path}.${key}`, reason: "type_mismatch", received, allowed: "a function of the value" });
  }
}

/**
 * The redactor for a setting (§10.4).
 *
 * @throws ConfigError whose message contains the specification's phrase for a bad suffix.
 */
export function createRedactor(config: RedactionConfig = {}): Redactor {
  const issues = redactionIssues(config);
  if (issues.length > 0) throw new ConfigError(issues);
  const { preset = "standard", replaceDefaults = false } = config;
  const isStrict = preset === "strict";
  const hasNames = preset !== "base" && !replaceDefaults;
  const suffixes = new Set<string>(replaceDefaults ? [] : DEFAULT_SECRET_SUFFIXES);
  if (isStrict) for (const suffix of RECOMMENDED_EXTRA_SUFFIXES) suffixes.add(suffix);
  for (const suffix of config.extraSuffixes ?? []) suffixes.add(suffix);
  const names = new Set<string>(hasNames ? DEFAULT_SECRET_NAMES : []);
  for (const name of config.names ?? []) names.add(nameOf(normalKey(name)));
  return new Redactor({
    suffixes: [...suffixes],
    names: [...names],
    byWords: hasNames,
    masksPairs: preset !== "base",
    masksBodies: isStrict,
    masksValues: isStrict,
    paths: pathsOf(config.paths ?? []),
    pseudonyms: config.pseudonymize === undefined ? [] : [pseudonymRule(config.pseudonymize)],
    serializers: new Map(Object.entries(config.serializers ?? {})),
  });
}

function pathsOf(paths: readonly string[]): KeyPaths {
  return new KeyPaths(paths.map((path) => pathSteps(path) ?? []));
}

function pseudonymRule({ keys, salt }: NonNullable<RedactionConfig["pseudonymize"]>): PseudonymRule {
  const isPath = (key: string): boolean => (pathSteps(key) ?? []).length > 1;
  return {
    names: new Set(keys.filter((key) => !isPath(key)).map(nameOf)),
    paths: pathsOf(keys.filter(isPath)),
    pseudonyms: new Pseudonyms(salt),
  };
}
