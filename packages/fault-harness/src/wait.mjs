/** @param {number} ms */
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Asks until it is true, for at most `ms`; answers whether it became true.
 *
 * @param {() => boolean} condition
 * @param {number} ms
 */
export async function becomes(condition, ms) {
  const endMs = performance.now() + ms;
  while (!condition()) {
    if (performance.now() >= endMs) return false;
    await sleep(10);
  }
  return true;
}
