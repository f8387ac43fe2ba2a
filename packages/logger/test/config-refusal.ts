import { ConfigError } from "../src/index.ts";

/** The `ConfigError` that a call throws. */
export function refusalOf(call: () => unknown): ConfigError {
  try {
    call();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("not refused");
}
