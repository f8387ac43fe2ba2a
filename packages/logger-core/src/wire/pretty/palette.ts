import { MIN_SEVERITY } from "../../options/index.ts";

/** What a piece of text is, which decides its colour. */
export type Style =
  | "plain"
  | "time"
  | "trace"
  | "debug"
  | "info"
  | "warn"
  | "error"
  | "fatal"
  | "name"
  | "message"
  | "key"
  | "string"
  | "number"
  | "word"
  | "masked"
  | "faint"
  | "errorType"
  | "ownFrame"
  | "ownPlace"
  | "hint";

/** SGR codes. Only the eight colours that every theme adjusts to its background, never white, black or "bright" ones. */
const CODES: Readonly<Record<Style, string>> = {
  plain: "",
  time: "2",
  trace: "2",
  debug: "34",
  info: "32",
  warn: "1;33",
  error: "1;31",
  fatal: "1;7;31",
  name: "35",
  message: "1",
  key: "2",
  string: "",
  number: "36",
  word: "33",
  masked: "31",
  faint: "2",
  errorType: "1;31",
  ownFrame: "1",
  ownPlace: "36",
  hint: "2;3",
};

const LEVELS: readonly Style[] = ["trace", "debug", "info", "warn", "error", "fatal"];

/** The style of a severity: one for each of the six ranges. */
export function levelStyle(severityNumber: number): Style {
  return LEVELS[(severityNumber - MIN_SEVERITY) >> 2] ?? "plain";
}

/** The text in the colour of its style. It must be escaped already. */
export function painted(style: Style, text: string): string {
  const code = CODES[style];
  return code === "" ? text : `\u001b[${code}m${text}\u001b[0m`;
}

/** Whether text is coloured: an explicit choice, or what the environment and the stream say. */
export type ColorChoice = "auto" | "always" | "never";

/**
 * An explicit choice wins (design §13); else `FORCE_COLOR` (`0` and `false` are off, anything else on); else a non-empty
 * `NO_COLOR` (off); else `TERM=dumb` (off); else it is on for a terminal, and where `CI` is set, whose pages show colours.
 *
 * @param variable reads a variable of the environment.
 */
export function usesColor(
  choice: ColorChoice,
  variable: (name: string) => string | undefined,
  isTty: boolean,
): boolean {
  if (choice !== "auto") return choice === "always";
  const forced = variable("FORCE_COLOR");
  if (forced !== undefined) return !isOff(forced);
  if ((variable("NO_COLOR") ?? "") !== "" || variable("TERM") === "dumb") return false;
  const ci = variable("CI") ?? "";
  return isTty || (ci !== "" && !isOff(ci));
}

function isOff(value: string): boolean {
  return value === "0" || value === "false";
}
