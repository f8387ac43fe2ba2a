// Generated from package.json by `pnpm generate`. Do not edit.

/** `telemetry.sdk.name` (§4.2). */
export const SDK_NAME = "@dagstack/logger";

/** `telemetry.sdk.version`. */
export const SDK_VERSION = "0.0.0";
