import { Severity } from "@dagstack/logger-core";
import type { ConsoleLike } from "./runtime/index.ts";

/**
 * Writes a text to `console.debug`, `info`, `warn` or `error`, by severity, so that a browser can filter.
 *
 * @throws whatever a replaced console throws, or TypeError when it lacks the method.
 */
export function writeToConsole(console: ConsoleLike, severityNumber: number, text: string): void {
  if (severityNumber >= Severity.ERROR) console.error(text);
  else if (severityNumber >= Severity.WARN) console.warn(text);
  else if (severityNumber >= Severity.INFO) console.info(text);
  else console.debug(text);
}
