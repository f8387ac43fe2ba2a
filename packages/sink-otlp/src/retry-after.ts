const MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec";
/** The three forms of an HTTP-date (RFC 9110 §5.6.7). `Date.parse` alone takes almost anything: "5 apples" is a date. */
const HTTP_DATES = [
  new RegExp(`^[A-Z][a-z]{2}, \\d\\d (?:${MONTHS}) \\d{4} \\d\\d:\\d\\d:\\d\\d GMT$`),
  new RegExp(`^[A-Z][a-z]{5,8}, \\d\\d-(?:${MONTHS})-\\d\\d \\d\\d:\\d\\d:\\d\\d GMT$`),
  new RegExp(`^[A-Z][a-z]{2} (?:${MONTHS}) [ \\d]\\d \\d\\d:\\d\\d:\\d\\d \\d{4}$`),
];

/**
 * The pause that a `Retry-After` header asks for, in milliseconds; `undefined` for none, 0, a date that has passed and
 * anything that is no such header: plain back-off then.
 *
 * @param nowMs the wall clock, milliseconds since the epoch.
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? "";
  let pauseMs = 0;
  if (/^\d+$/.test(text)) pauseMs = Number(text) * 1000;
  else if (HTTP_DATES.some((form) => form.test(text))) {
    pauseMs = Date.parse(text.endsWith("GMT") ? text : `${text} GMT`) - nowMs;
  }
  return pauseMs > 0 ? pauseMs : undefined;
}
