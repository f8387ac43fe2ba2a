/**
 * Text without lone surrogates (D-05), also where the runtime is older than these methods: some browsers, React Native.
 * They are taken when the module loads, so that nobody takes them away later.
 */
const { isWellFormed: test, toWellFormed: repair } = String.prototype as Partial<string>;

/** With the `u` flag a pair is one code point. */
const LONE_SURROGATE = /\p{Cs}/u;
const LONE_SURROGATES = /\p{Cs}/gu;

/** Whether a text has no lone surrogate. */
export const isWellFormed: (text: string) => boolean =
  test === undefined ? (text) => !LONE_SURROGATE.test(text) : (text) => test.call(text);

/** The text with U+FFFD for each lone surrogate. */
export const toWellFormed: (text: string) => string =
  repair === undefined ? (text) => text.replace(LONE_SURROGATES, "\ufffd") : (text) => repair.call(text);
