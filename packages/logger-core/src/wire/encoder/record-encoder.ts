/**
 * From the values of a log call straight to bytes, sorted and redacted: what the plain functions say of the record
 * (`toDagstackJsonl`, `toOtlpProtobuf` of `withObservedTime(buildRecord(…))`), byte for byte, without the record, its copies
 * and the text.
 *
 *   record-encoder  a record; what those of one logger have in common is encoded once
 *   value-encoder   its values: the common ones directly, all others as the record has them
 *   value-reader    reads the values
 *   key-trie        the order of keys and which are secret, remembered from record to record
 *   byte-buffer     the bytes
 *
 * What is remembered is bounded and never shows in the bytes. `line` and `otlp` have what is special about their format.
 */
import { collectAttributes, collectBody } from "../../record/index.ts";
import type { Redactor } from "../../redaction/index.ts";
import type { Clock } from "../../sink/index.ts";
import { type CoercionReport, DEFAULT_MAX_RECORD_BYTES } from "../../value/index.ts";
import { RECORD_TOO_LONG } from "./byte-buffer.ts";
import type { EncoderDraft } from "./encoder-draft.ts";
import { KeyTries } from "./key-tries.ts";
import { arePlain, isPrototypePolluted } from "./plain-maps.ts";
import type { Token } from "./token.ts";
import type { ValueEncoder } from "./value-encoder.ts";

/** Room for estimates that are too high, and for resource and scope, before a record is given up as too long. */
const LIMIT_FACTOR = 4;
const LIMIT_MARGIN = 65_536;

/** Encodes one record at a time. */
export abstract class RecordEncoder {
  readonly #values: ValueEncoder;
  readonly #tries: KeyTries;
  readonly #mostJsonPerByte: number;
  #isBusy = false;

  /**
   * @param values of the format.
   * @param mostJsonPerByte the JSON of a record, which is what `maxBytes` limits, is never longer than so many times its
   *   bytes.
   * @param headOf as for `KeyTrie`.
   */
  constructor(values: ValueEncoder, mostJsonPerByte: number, headOf?: (key: string) => Token) {
    this.#values = values;
    this.#tries = new KeyTries(headOf);
    this.#mostJsonPerByte = mostJsonPerByte;
  }

  /** Writes the whole of a record. The clock is read when the values have been (D-14). */
  protected abstract write(draft: EncoderDraft, clock: Clock, redactor: Redactor, report: CoercionReport): void;

  /** Whether a record was encoded and not released: then the encoder must not be used. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /**
   * The bytes of a record. They are valid until `release`, which must follow, also when this throws: it does for a scope
   * or resource that holds something that is no `Value`. Callers' values never make it throw.
   * `undefined` when something was left out, or may have to be, because of `maxBytes`: what is cut, only the record tells.
   *
   * @param clock is read for the observed time when the values have been (D-14).
   */
  encode(draft: EncoderDraft, clock: Clock, redactor: Redactor, report: CoercionReport): Uint8Array | undefined {
    this.#isBusy = true;
    const { maxBytes = DEFAULT_MAX_RECORD_BYTES } = draft;
    const values = this.#values;
    const { buffer, budget } = values;
    try {
      buffer.restart(maxBytes * LIMIT_FACTOR + LIMIT_MARGIN);
      budget.reset(maxBytes);
      this.write(draft, clock, redactor, report);
    } catch (error) {
      if (error !== RECORD_TOO_LONG) throw error;
      values.reset();
      return undefined;
    }
    const mayBeCut = buffer.pos * this.#mostJsonPerByte > maxBytes || budget.cutBytes > 0;
    return mayBeCut ? undefined : buffer.written();
  }

  /** The bytes of the last record are not needed any more. */
  release(): void {
    this.#isBusy = false;
  }

  protected attributes(draft: EncoderDraft, redactor: Redactor, report: CoercionReport): void {
    const { layers, attributes } = draft;
    const values = this.#values;
    if (!isPrototypePolluted() && arePlain(attributes)) {
      values.begin(this.#tries.of(redactor), report);
      values.attributes(layers, attributes);
      return;
    }
    const bound = layers.map((layer) => layer.attributes);
    values.normalAttributes(collectAttributes(bound, attributes, redactor, report, values.budget));
  }

  protected body(body: unknown, redactor: Redactor, report: CoercionReport): void {
    const values = this.#values;
    if (typeof body === "string" && values.string(body)) return;
    if (isPrototypePolluted()) {
      values.normal(collectBody(body, redactor, report, values.budget));
      return;
    }
    values.begin(this.#tries.ofBodies(redactor), report);
    values.body(body);
  }
}
