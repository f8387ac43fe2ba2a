/** What one record may take in before the rest of it is left out (design §13, `maxRecordBytes`). */

import { toWellFormed } from "./well-formed.ts";

/** The default of `maxRecordBytes`: 256 KiB. */
export const DEFAULT_MAX_RECORD_BYTES = 262_144;

/** Ends a string that was cut; stands at the end of a list, and as a key, for entries that were left out. */
export const TRUNCATION_MARK = "…[truncated]";

/** List items and map entries in one record. More are left out, so that no record takes long. */
export const MAX_VALUES = 16_384;

/** Longer keys are cut, whatever they are keys of. */
export const MAX_KEY_LENGTH = 1024;

/** So many values an error counts as: its stack is made when it is read. */
const ERROR_VALUES = 16;
/** Nothing has more entries, whatever it says. */
const MOST_ENTRIES = 2 ** 32;
/** No value takes less on a line: one digit and a comma. */
const LEAST_VALUE_BYTES = 2;
/** No code unit takes more: an escape. */
const MOST_UNIT_BYTES = 6;
/** What a value takes beside its text: quotes, colon, comma, or the longest number. */
const MOST_VALUE_BYTES = 24;
/** Code units of strings that are looked at, as a multiple of the limit; from then on each is cut short at once. */
const TEXT_FACTOR = 8;
const SHORT_TEXT = 64;

/** Keeps a walk from taking in more values than `MAX_VALUES`, and of texts what could not fit, so that it ends soon. */
export class WalkBudget {
  maxBytes = 0;
  /** At least what keys and values take on a line: while it is within the limit, nothing needs to be measured. */
  weight = 0;
  /** At least what was left out, in bytes. */
  cutBytes = 0;
  #valuesLeft = 0;
  #unitsLeft = 0;

  constructor(maxBytes: number) {
    this.reset(maxBytes);
  }

  /** For another record. */
  reset(maxBytes: number): void {
    this.maxBytes = maxBytes;
    this.weight = 0;
    this.cutBytes = 0;
    this.#valuesLeft = MAX_VALUES;
    this.#unitsLeft = maxBytes * TEXT_FACTOR;
  }

  /** Takes one more value in; false when there have been enough. */
  takeValue(): boolean {
    this.weight += MOST_VALUE_BYTES;
    this.#valuesLeft -= 1;
    return this.#valuesLeft >= 0;
  }

  /** Counts what an error takes beside being a value. */
  takeError(): void {
    this.#valuesLeft -= ERROR_VALUES - 1;
  }

  /** Counts entries that are left out: at least one, and as many as are said to be left. */
  leaveOut(count: number): number {
    const left = count >= 1 ? Math.min(count, MOST_ENTRIES) : 1;
    this.cutBytes += left * LEAST_VALUE_BYTES;
    return left;
  }

  /** The key, or as much of it as a key may have. */
  takeKey(whole: string): string {
    const key = shortened(whole);
    this.weight += whole.length * MOST_UNIT_BYTES;
    this.cutBytes += whole.length - key.length;
    return key;
  }

  /** Counts what was looked at to make a text. */
  takeUnits(count: number): void {
    this.#unitsLeft -= count;
  }

  /** How long a text may be now. */
  get textLimit(): number {
    return this.#unitsLeft > 0 ? this.maxBytes : SHORT_TEXT;
  }

  /** The text, or as much of it as could ever fit. */
  takeText(text: string): string {
    const { length } = text;
    this.weight += length * MOST_UNIT_BYTES;
    const allowed = this.textLimit;
    this.#unitsLeft -= length;
    if (length <= allowed) return text;
    this.cutBytes += length - allowed;
    return cut(text, allowed);
  }

  /** The bytes, or as many of them as could ever fit as base64. */
  takeBytes(bytes: Uint8Array): Uint8Array {
    if (bytes.length <= this.maxBytes) return bytes;
    this.cutBytes += bytes.length - this.maxBytes;
    return bytes.subarray(0, this.maxBytes);
  }
}

/** A text that names something, as records and diagnostics have it: without lone surrogates, cut above 1024 characters. */
export function nameText(name: string): string {
  return toWellFormed(shortened(name));
}

function shortened(name: string): string {
  return name.length <= MAX_KEY_LENGTH ? name : cut(name, MAX_KEY_LENGTH - TRUNCATION_MARK.length) + TRUNCATION_MARK;
}

/** Not between the halves of a character. */
function cut(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 1 : length);
}
