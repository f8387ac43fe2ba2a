// Generated from data/secret-suffixes.json by `pnpm generate`. Do not edit.

/** Replaces the value under a secret key (§10.1). */
export const MASKED_PLACEHOLDER = "***";

/** The base set, fixed by the specification (§10.1). Frozen. */
export const DEFAULT_SECRET_SUFFIXES: readonly string[] = Object.freeze([
  "_key",
  "_secret",
  "_token",
  "_password",
  "_passphrase",
  "_credentials",
]);

/** What the base set misses in JavaScript code; opt in with `preset: "strict"` or `extraSuffixes` (D-80). Frozen. */
export const RECOMMENDED_EXTRA_SUFFIXES: readonly string[] = Object.freeze([
  "apikey",
  "api-key",
  "accesstoken",
  "access-token",
  "refreshtoken",
  "authtoken",
  "sessiontoken",
  "clientsecret",
  "privatekey",
  "password",
  "passwd",
  "passphrase",
  "secret",
  "authorization",
  "cookie",
  "credentials",
]);
