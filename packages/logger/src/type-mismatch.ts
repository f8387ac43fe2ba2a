import { type ConfigIssue, describeValue } from "@dagstack/logger-core";

/** The problem with a setting at `path` that is of another kind than `allowed`. */
export function typeMismatch(path: string, received: unknown, allowed: string): ConfigIssue {
  return { path, reason: "type_mismatch", received: describeValue(received), allowed };
}
