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
