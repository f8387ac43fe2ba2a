import { MASKED_PLACEHOLDER } from "../generated/secret-suffixes.ts";
import { SECRET_VALUE_PATTERNS } from "../generated/secret-values.ts";

/** Shorter texts hold no secret that could be told by its looks. */
const LEAST_LENGTH = 8;
/** No card number has less digits. */
const LEAST_CARD_NUMBER = 1e11;
/** Prefix and length of the numbers that card companies give. */
const CARD =
  /^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|35\d{14}|6(?:011|5\d\d|4[4-9]\d)\d{12}|62\d{14,17}|(?:50|5[6-8]|6[37])\d{10,17})$/;

let patterns: readonly { readonly test: RegExp; readonly isCardNumber: boolean }[] | undefined;

/** The text with everything masked in it that looks like a secret. */
export function maskSecretText(text: string): string {
  if (text.length < LEAST_LENGTH) return text;
  patterns ??= SECRET_VALUE_PATTERNS.map(({ pattern, isCardNumber }) => ({
    test: new RegExp(pattern, "gu"),
    isCardNumber,
  }));
  let masked = text;
  for (const { test, isCardNumber } of patterns) {
    masked = masked.replace(test, (found: string, kept: unknown) => {
      if (isCardNumber) return isCard(found) ? MASKED_PLACEHOLDER : found;
      return `${typeof kept === "string" ? kept : ""}${MASKED_PLACEHOLDER}`;
    });
  }
  return masked;
}

/** The same for a value that holds no others. */
export function maskSecretValue(value: unknown): unknown {
  if (typeof value === "string") return maskSecretText(value);
  const isNumber = typeof value === "number" || typeof value === "bigint";
  return isNumber && value > LEAST_CARD_NUMBER && isCard(String(value)) ? MASKED_PLACEHOLDER : value;
}

function isCard(text: string): boolean {
  const digits = text.replace(/[ -]/g, "");
  return CARD.test(digits) && hasChecksum(digits);
}

/** Luhn: from the right, every second digit counts twice. */
function hasChecksum(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at]);
    sum += at % 2 === 0 ? digit : (digit * 2) % 9 || (digit === 0 ? 0 : 9);
  }
  return sum % 10 === 0;
}
