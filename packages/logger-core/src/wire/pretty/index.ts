export { escapeText } from "./escape-text.ts";
export { formatPretty, type PrettyOptions } from "./pretty.ts";
export { type ColorChoice, usesColor } from "./uses-color.ts";
