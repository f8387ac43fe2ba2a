/** Which keys are secret (§10). The masking itself happens while a record is built (§1.4). */

import { DEFAULT_SECRET_SUFFIXES, RECOMMENDED_EXTRA_SUFFIXES } from "../generated/secret-suffixes.ts";
import { ConfigError, type ConfigIssue, describeValue, OptionsCheck } from "../options/index.ts";

export {
  DEFAULT_SECRET_SUFFIXES,
  MASKED_PLACEHOLDER,
  RECOMMENDED_EXTRA_SUFFIXES,
} from "../generated/secret-suffixes.ts";

/** What counts as a secret key (§10.4). */
export interface RedactionConfig {
  /**
   * `base` (default): the specification's set, `DEFAULT_SECRET_SUFFIXES`. `strict`: `RECOMMENDED_EXTRA_SUFFIXES` as
   * well, and keys inside a body that is a map are masked too.
   */
  readonly preset?: "base" | "strict" | undefined;
  /** More suffixes: lower-case printable ASCII without white space. */
  readonly extraSuffixes?: readonly string[] | undefined;
  /** Use `extraSuffixes` instead of the base set. With none, nothing is masked. Default false. */
  readonly replaceDefaults?: boolean | undefined;
  /** Do not report that nothing is masked. Default false. */
  readonly suppressDisableWarning?: boolean | undefined;
}

const OPTIONS = ["preset", "extraSuffixes", "replaceDefaults", "suppressDisableWarning"];
const MAX_CACHED_KEYS = 4096;
const MAX_CACHED_KEY_LENGTH = 128;

/** Decides which keys are secret, by one immutable set of suffixes. */
export class Redactor {
  /** The suffixes in force, lower case. */
  readonly suffixes: readonly string[];
  /** Whether keys inside a structured body are masked too. */
  readonly masksBodies: boolean;
  readonly #known = new Map<string, boolean>();

  constructor(suffixes: readonly string[], masksBodies = false) {
    this.suffixes = Object.freeze([...suffixes]);
    this.masksBodies = masksBodies;
  }

  /** Whether the value under `key` must be masked without being read (§10.1). */
  isSecret(key: string): boolean {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const lower = key.toLowerCase();
    const secret = this.suffixes.some((suffix) => lower.endsWith(suffix));
    if (key.length <= MAX_CACHED_KEY_LENGTH && this.#known.size < MAX_CACHED_KEYS) this.#known.set(key, secret);
    return secret;
  }
}

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
  return undefined;
}

/** The problems of a redaction setting (§10.4), none when it is good. `path` is where it was configured. */
export function redactionIssues(config: unknown, path = "redaction"): ConfigIssue[] {
  const issues: ConfigIssue[] = [];
  const check = new OptionsCheck("redaction", config, OPTIONS, `${path}.`, issues);
  const preset = check.oneOf("preset", ["base", "strict"], "base");
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
  const extraSuffixes = check.get("extraSuffixes");
  if (extraSuffixes === undefined) return issues;
  if (!Array.isArray(extraSuffixes)) {
    issues.push({
      path: `${path}.extraSuffixes`,
      reason: "type_mismatch",
      received: describeValue(extraSuffixes),
      allowed: 'a list of suffixes such as ["_pin"]',
    });
    return issues;
  }
  extraSuffixes.forEach((suffix, index) => {
    const issue = suffixIssue(`${path}.extraSuffixes`, index, suffix);
    if (issue !== undefined) issues.push(issue);
  });
  return issues;
}

/**
 * The redactor for a setting (§10.4).
 *
 * @throws ConfigError whose message contains the specification's phrase for a bad suffix.
 */
export function createRedactor(config: RedactionConfig = {}): Redactor {
  const issues = redactionIssues(config);
  if (issues.length > 0) throw new ConfigError(issues);
  const strict = config.preset === "strict";
  const suffixes = new Set<string>(config.replaceDefaults === true ? [] : DEFAULT_SECRET_SUFFIXES);
  if (strict) for (const suffix of RECOMMENDED_EXTRA_SUFFIXES) suffixes.add(suffix);
  for (const suffix of config.extraSuffixes ?? []) suffixes.add(suffix);
  return new Redactor([...suffixes], strict);
}
