// Numbers as the table of docs/reliability.md has them.

/**
 * Thousands with a space between.
 *
 * @param {number} number
 */
export const count = (number) => String(number).replaceAll(/\B(?=(\d{3})+$)/g, " ");

/**
 * `n` of `total`.
 *
 * @param {number} n
 * @param {number} total
 */
export const of = (n, total) => `${count(n)} of ${count(total)}`;
