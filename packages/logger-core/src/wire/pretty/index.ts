import { formatPretty as format } from "#pretty";
import type { LogRecord } from "../../record/index.ts";
import type { PrettyOptions } from "./pretty-options.ts";

export { escapeText } from "./escape-text.ts";
export { type ColorChoice, usesColor } from "./palette.ts";
export type { PrettyOptions } from "./pretty-options.ts";

/**
 * One record as text for people (§1.8, D-89), without a line end: a paragraph whose first line begins at the margin and all
 * others are indented. In bundles for browsers and edge runtimes it is a brief form of it.
 *
 * @throws TypeError when the record holds something that is no `Value`; a built record does not.
 */
export function formatPretty(record: LogRecord, options?: PrettyOptions): string {
  return format(record, options);
}
