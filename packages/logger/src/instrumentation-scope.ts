import { type Attributes, buildAttributes, type InstrumentationScope } from "@dagstack/logger-core";
import type { Registry } from "./registry.ts";

/** Name and version of a logger as every record has them (§4.1): well-formed text, the root called `root` (D-16). */
export function scopeIdentity(
  name: unknown,
  version: unknown,
): { readonly name: string; readonly version: string | null } {
  return { name: textOf(name) || "root", version: version === null ? null : textOf(version) || null };
}

/** The scope of a logger. Its attributes are normalised but not redacted; a secret-looking key is reported once. */
export function instrumentationScope(
  registry: Registry,
  identity: { readonly name: string; readonly version: string | null },
  scopeAttributes: unknown,
): InstrumentationScope {
  const attributes = buildAttributes([scopeAttributes], null);
  reportSecretKeys(registry, attributes);
  return Object.freeze({ ...identity, attributes });
}

/** The text of a name or version, whatever came: without lone surrogates, which no wire format can hold. */
function textOf(name: unknown): string {
  try {
    return String(name).toWellFormed();
  } catch {
    return "[Unreadable]"; // an object that refuses to be text: its records arrive, under this name
  }
}

function reportSecretKeys(registry: Registry, attributes: Attributes): void {
  for (const key of Object.keys(attributes)) {
    if (registry.configuration.redactor.isSecret(key))
      registry.reportOnce({ event: "resource_secret", attributePath: key });
  }
}
