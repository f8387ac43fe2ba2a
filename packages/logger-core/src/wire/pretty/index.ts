export { escapeText } from "./escape-text.ts";
export { formatPretty, type PrettyOptions } from "./pretty.ts";
