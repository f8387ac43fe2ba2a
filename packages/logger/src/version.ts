/** `telemetry.sdk.name` (§4.2). */
export const SDK_NAME = "@dagstack/logger";

/** `telemetry.sdk.version`: the version in package.json; a test compares the two. */
export const SDK_VERSION = "0.0.0";
