/** When pretty text is coloured (design §13). */
import { environmentVariable, type ProcessLike } from "./runtime/index.ts";

export type ColorChoice = "auto" | "always" | "never";

/**
 * An explicit choice wins; else `FORCE_COLOR` (`0` and `false` are off, anything else on); else a non-empty `NO_COLOR`
 * (off); else whether the output is a terminal.
 */
export function usesColor(choice: ColorChoice, process: ProcessLike | undefined, isTty: boolean): boolean {
  if (choice !== "auto") return choice === "always";
  const forced = environmentVariable(process, "FORCE_COLOR");
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  const refused = environmentVariable(process, "NO_COLOR");
  if (refused !== undefined && refused !== "") return false;
  return isTty;
}
