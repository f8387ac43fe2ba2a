import { buildAttributes, type InstrumentationScope, nameText } from "@dagstack/logger-core";

/** Name and version of a logger as every record has them (§4.1): well-formed text, the root called `root` (D-16). */
export function scopeIdentity(
  name: unknown,
  version: unknown,
): { readonly name: string; readonly version: string | null } {
  return { name: textOf(name) || "root", version: version === null ? null : textOf(version) || null };
}

/** The scope of a logger. Its attributes are normalised but not redacted. */
export function instrumentationScope(
  identity: { readonly name: string; readonly version: string | null },
  scopeAttributes: unknown,
): InstrumentationScope {
  const attributes = buildAttributes([scopeAttributes], null);
  return Object.freeze({ ...identity, attributes });
}

/** The text of a name or version, whatever came: short, and without lone surrogates, which no wire format can hold. */
function textOf(name: unknown): string {
  try {
    return nameText(String(name));
  } catch {
    return "[Unreadable]"; // an object that refuses to be text: its records arrive, under this name
  }
}
