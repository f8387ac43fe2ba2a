import { type ConfigIssue, describeValue } from "@dagstack/logger-core";

/** The problem with a setting at `path` that is of another kind than `allowed`. */
export function typeMismatch(path: string, received: unknown, allowed: string): ConfigIssue {
  return { path, reason: "type_mismatch", received: describeValue(received), allowed };
}

/** A Map has no entries of its own as an object: taking it would silently configure nothing. */
export function isMapOfSettings(input: unknown): input is object {
  return typeof input === "object" && input !== null && !Array.isArray(input) && !(input instanceof Map);
}
