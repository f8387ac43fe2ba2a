// Generated from data/baggage-keys.json by `pnpm generate`. Do not edit.

/** W3C Baggage entries copied into attributes unless `baggageKeys` says otherwise (§3.4). */
export const DEFAULT_BAGGAGE_KEYS: readonly string[] = Object.freeze([
  "tenant.id",
  "request.id",
  "user.id",
]);

/** Other spellings in the baggage, by attribute key; the attribute's own name wins (D-27). */
export const BAGGAGE_ALIASES: ReadonlyMap<string, string> = new Map([
  ["tenant.id", "tenant_id"],
]);
