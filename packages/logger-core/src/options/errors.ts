/** The errors that this package and its sinks throw, all of them at configuration or parse time (§3.6). */

/** Why a setting was refused, in config-spec's vocabulary. */
export type ConfigErrorReason =
  | "missing"
  | "type_mismatch"
  | "out_of_range"
  | "unknown_key"
  | "duplicate"
  | "validation_failed";

/** One problem of a configuration. */
export interface ConfigIssue {
  /** Where, in the caller's own spelling, such as `sinks[0].rotation.size`. */
  readonly path: string;
  readonly reason: ConfigErrorReason;
  /** What came, shortened; left out where it may be secret. */
  readonly received?: string;
  /** What is allowed. */
  readonly allowed?: string;
  /** What to do. */
  readonly fix?: string;
  /** A message that replaces the one made of the parts above, where a text is prescribed (§10.4). */
  readonly text?: string;
}

function issueText(issue: ConfigIssue): string {
  if (issue.text !== undefined) return issue.text;
  let text = `${issue.path}:`;
  if (issue.received !== undefined) text += ` got ${issue.received};`;
  if (issue.allowed !== undefined) text += ` allowed: ${issue.allowed};`;
  if (issue.fix !== undefined) text += ` fix: ${issue.fix};`;
  return text.slice(0, -1);
}

/**
 * A configuration was refused and nothing was changed (D-75). Lists all problems at once; `path` and `reason` are those
 * of the first. `instanceof` holds for one that another copy of the package threw, such as its `require` build.
 */
export class ConfigError extends RangeError {
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: a subclass asks with itself.
    return this === ConfigError ? isConfigError(value) : Function.prototype[Symbol.hasInstance].call(this, value);
  }

  override readonly name = "ConfigError";
  readonly path: string;
  readonly reason: ConfigErrorReason;
  readonly issues: readonly ConfigIssue[];

  /** @param where what was being configured, such as `FileSink`, for the message. */
  constructor(issues: readonly ConfigIssue[], where?: string) {
    const texts = issues.map(issueText);
    const prefix = where === undefined ? "" : `${where}: `;
    super(
      texts.length === 1
        ? `${prefix}${texts[0]}`
        : `${prefix}${texts.length} problems:${texts.map((text) => `\n  - ${text}`).join("")}`,
    );
    this.path = issues[0]?.path ?? "";
    this.reason = issues[0]?.reason ?? "validation_failed";
    this.issues = Object.freeze([...issues]);
  }
}

/** By its shape, so that two copies of this package get on. */
function isConfigError(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  try {
    const { name, issues } = value as { name?: unknown; issues?: unknown };
    return name === "ConfigError" && Array.isArray(issues);
  } catch {
    return false; // nothing of ours throws when it is read
  }
}

/** A text or byte sequence is not a record in one of our wire formats (§1.9). */
export class WireFormatError extends Error {
  override readonly name = "WireFormatError";
  /** The offending member, or what kind of fault: `json`, `object`, `duplicate`, `surrogate`, `protobuf`. */
  readonly member: string;

  constructor(member: string, message: string) {
    super(`${member}: ${message}`);
    this.member = member;
  }
}

/** Type and message of anything thrown, without running the thrower's code unguarded. For diagnostics. */
export function describeError(error: unknown): { readonly type: string; readonly message: string } {
  try {
    if (typeof error === "object" && error !== null) {
      const { name, message, code } = error as { name?: unknown; message?: unknown; code?: unknown };
      const type =
        typeof code === "string" && code !== "" ? code : typeof name === "string" && name !== "" ? name : "Error";
      return { type, message: typeof message === "string" ? message : "" };
    }
    return { type: typeof error, message: typeof error === "string" ? error : String(error) };
  } catch {
    return { type: "Error", message: "the error could not be read" }; // the caller counts the failure itself
  }
}
