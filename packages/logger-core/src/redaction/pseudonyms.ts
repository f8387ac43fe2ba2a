import { MASKED_PLACEHOLDER } from "../generated/secret-suffixes.ts";
import { hmacSha256 } from "./sha256.ts";

const MAX_KNOWN = 1024;
const MAX_KNOWN_LENGTH = 128;
/** 64 bits: two of a hundred million values share a pseudonym with a chance of one in four thousand. */
const DIGITS = 16;
const PSEUDONYM = /^hmac:[0-9a-f]{16}$/;

/** Stands for values by a text that tells them apart but not what they are. */
export class Pseudonyms {
  readonly #salt: string;
  readonly #known = new Map<string, string>();

  /** @param salt without which nobody can find out a value by trying. */
  constructor(salt: string) {
    this.#salt = salt;
  }

  /** A text or number by its pseudonym, the same for `42` and `"42"`; null stays, and what holds others is masked. */
  of(value: unknown): unknown {
    if (value === null || value === undefined) return value;
    if (typeof value === "object" || typeof value === "function" || typeof value === "symbol")
      return MASKED_PLACEHOLDER;
    const text = String(value);
    if (PSEUDONYM.test(text)) return text; // bound attributes come again under another setting
    let pseudonym = this.#known.get(text);
    if (pseudonym === undefined) {
      pseudonym = `hmac:${hmacSha256(this.#salt, text).slice(0, DIGITS)}`;
      if (this.#known.size >= MAX_KNOWN) this.#known.clear();
      if (text.length <= MAX_KNOWN_LENGTH) this.#known.set(text, pseudonym);
    }
    return pseudonym;
  }
}
