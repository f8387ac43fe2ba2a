/**
 * Calls `run(item)` for each, in their order, as many at a time as there are lanes; answers the results, in the same order.
 * Rejects as soon as one does.
 */
export async function inLanes(count, items, run) {
  const results = [];
  const waiting = items.entries();
  const lane = async () => {
    for (const [index, item] of waiting) results[index] = await run(item);
  };
  await Promise.all(Array.from({ length: count }, lane));
  return results;
}
