/**
 * A promise that settles like a callback's result, or `undefined` when the result is none to wait for. Foreign thenables
 * may misbehave in any way: a `then` that throws rejects, only the first of several settlements counts. `then` is read
 * once and called now, so that it runs under the caller's guard.
 *
 * @throws whatever reading the `then` member throws.
 */
export function settlementOf(result: unknown): Promise<unknown> | undefined {
  if ((typeof result !== "object" && typeof result !== "function") || result === null) return undefined;
  const { then } = result as { readonly then?: unknown };
  if (typeof then !== "function") return undefined;
  return new Promise((resolve, reject) => {
    then.call(result, resolve, reject);
  });
}
