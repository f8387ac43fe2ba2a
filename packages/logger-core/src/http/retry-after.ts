import type { HeaderMap } from "./transport/index.ts";

const MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec";
/** The three forms of an HTTP-date (RFC 9110 §5.6.7). `Date.parse` alone takes almost anything: "5 apples" is a date. */
const HTTP_DATES = [
  new RegExp(`^[A-Z][a-z]{2}, \\d\\d (?:${MONTHS}) \\d{4} \\d\\d:\\d\\d:\\d\\d GMT$`),
  new RegExp(`^[A-Z][a-z]{5,8}, \\d\\d-(?:${MONTHS})-\\d\\d \\d\\d:\\d\\d:\\d\\d GMT$`),
  new RegExp(`^[A-Z][a-z]{2} (?:${MONTHS}) [ \\d]\\d \\d\\d:\\d\\d:\\d\\d \\d{4}$`),
];
const SECONDS = /^\d{1,12}(?:\.\d{1,9})?$/;
/** A reset given as a number of seconds above this is a time since 1970, else a time from now. */
const EPOCH_SECONDS = 1_000_000_000;

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

/**
 * The pause that an answer asks for: `Retry-After`, else what rate limits say about their reset, in seconds from now
 * (`x-ratelimit-reset-after`, `ratelimit-reset`, `x-ratelimit-reset`) or, for the last, since 1970.
 */
export function pauseMs(headers: HeaderMap, nowMs: number): number | undefined {
  const asked = retryAfterMs(headers["retry-after"], nowMs);
  if (asked !== undefined) return asked;
  for (const name of ["x-ratelimit-reset-after", "ratelimit-reset", "x-ratelimit-reset"]) {
    const text = headers[name]?.trim() ?? "";
    if (!SECONDS.test(text)) continue;
    const seconds = Number(text);
    const pause = seconds * 1000 - (seconds > EPOCH_SECONDS ? nowMs : 0);
    if (pause > 0) return pause;
  }
  return undefined;
}
