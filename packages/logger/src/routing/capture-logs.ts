import { type CapturedLogs, processRegistry } from "../registry/index.ts";

/**
 * Runs `fn` and collects what is logged in its asynchronous call tree, by any logger or by one subtree of names,
 * *instead of* sending it to the configured sinks; tests that run at the same time are left alone (§6). Sinks that a
 * scope brought still receive theirs, and levels apply as usual. The innermost capture wins. In runtimes without
 * `AsyncLocalStorage` only the synchronous part of `fn` is captured.
 *
 * @param options `logger`: the logger, or its name, at the top of the subtree. Default all loggers.
 * @returns rejects with what `fn` throws.
 */
export function captureLogs<T>(
  fn: () => T | Promise<T>,
  options: { readonly logger?: string | { readonly name: string } } = {},
): Promise<CapturedLogs<T>> {
  const { logger = "" } = options;
  return processRegistry().captures.run(typeof logger === "string" ? logger : logger.name, fn);
}
