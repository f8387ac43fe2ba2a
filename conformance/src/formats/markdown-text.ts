import { oneLine } from "../station/index.ts";

/** Text that stays text in Markdown, also in a table. */
export function markdownText(text: string): string {
  return oneLine(text)
    .replaceAll(/[\\`*_[\]<>|~]/g, "\\$&")
    .replaceAll("&", "&amp;");
}
