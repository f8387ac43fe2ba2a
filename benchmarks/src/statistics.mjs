/** The middle value; the mean of the two middle ones of an even number. `undefined` of none. */
export function median(numbers) {
  if (numbers.length === 0) return undefined;
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * How a row compares with the base row: ratios are taken within a round, where both met the same machine, and the
 * median of them counts. A round that one of the two lacks is left out.
 *
 * @param rounds, baseRounds one result per round, or `undefined`
 * @returns `{ ratio, low, high }`, or `undefined` when no round has both.
 */
export function ratioOf(rounds, baseRounds, key) {
  const ratios = rounds.flatMap((result, round) => {
    const base = baseRounds[round]?.[key];
    return result?.[key] === undefined || base === undefined ? [] : [result[key] / base];
  });
  if (ratios.length === 0) return undefined;
  return { ratio: median(ratios), low: Math.min(...ratios), high: Math.max(...ratios) };
}

/** The items, beginning with the one that is `by` places on: the order of a round. */
export const rotated = (items, by) => items.map((_, n) => items[(n + by) % items.length]);
