import { OptionsCheck } from "@dagstack/logger-core";
import { typeMismatch } from "../configuration/index.ts";
import { type CapturedLogs, processRegistry } from "../registry/index.ts";

/**
 * Runs `fn` and collects what is logged in its asynchronous call tree, by any logger or by one subtree of names,
 * *instead of* sending it to the configured sinks; tests that run at the same time are left alone (§6). Sinks that a
 * scope brought still receive theirs, and levels apply as usual. The innermost capture wins. In runtimes without
 * `AsyncLocalStorage` only the synchronous part of `fn` is captured.
 *
 * @param options `logger`: the logger, or its name, at the top of the subtree. Default all loggers.
 * @returns rejects with what `fn` throws, or with a ConfigError when an option is wrong.
 */
export async function captureLogs<T>(
  fn: () => T | Promise<T>,
  options: { readonly logger?: string | { readonly name: string } } = {},
): Promise<CapturedLogs<T>> {
  const check = new OptionsCheck("captureLogs", options, ["logger"]);
  const logger = check.get("logger") ?? "";
  const name = typeof logger === "string" ? logger : (logger as { readonly name?: unknown }).name;
  if (typeof name !== "string") check.add(typeMismatch("logger", logger, "a logger or a name"));
  check.finish();
  return processRegistry().captures.run(String(name), fn);
}
