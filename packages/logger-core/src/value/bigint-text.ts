/** Bits of a decimal digit. */
const DIGIT_BITS = Math.log2(10);
const LARGEST_STEP = 1n << 30n;
const SMALLEST_STEP = 64n;

/**
 * The decimal digits of a bigint. One with more than about `most` digits is told by its magnitude, such as
 * `1.2346e+1000000`: counting out a million digits takes seconds, one more ten times as long.
 */
export function bigintText(value: bigint, most: number): string {
  const size = value < 0n ? -value : value;
  if (size >> BigInt(Math.ceil(most * DIGIT_BITS)) === 0n) return String(value);
  let shift = 0n;
  for (let step = LARGEST_STEP; step >= SMALLEST_STEP; step >>= 1n) if (size >> (shift + step) > 0n) shift += step;
  shift -= SMALLEST_STEP; // so that at least 64 bits are left
  const exact = Math.log10(Number(size >> shift)) + Number(shift) / DIGIT_BITS;
  const exponent = Math.floor(exact);
  return `${value < 0n ? "-" : ""}${(10 ** (exact - exponent)).toFixed(4)}e+${exponent}`;
}
