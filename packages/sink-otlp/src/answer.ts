import type { DeliveryOutcome } from "@dagstack/logger-core/delivery";
import { type HttpAnswer, isPage } from "@dagstack/logger-core/http";
import { contentTypes } from "./encode.ts";
import type { Protocol } from "./environment.ts";

/** The statuses after which OTLP wants the request repeated. 407 is the word of a proxy, not of the receiver. */
const RETRYABLE: ReadonlySet<number> = new Set([407, 429, 502, 503, 504]);
const PAYLOAD_TOO_LARGE = 413;
const BAD_REQUEST = 400;
/** With these words Go's body limit, and so the OpenTelemetry Collector, explains a 400 that should be a 413. */
const BODY_LIMIT_TEXT = "request body too large";

/** Reads the answers of one receiver (design §7). */
export class AnswerReader {
  readonly #fallbackType: string;
  readonly #onUnreadable: () => void;
  /** Whether the receiver has ever answered as OTLP says. Until then it may be anybody: a login page, a proxy. */
  #isKnown = false;

  /** @param onUnreadable told when a batch was taken, but the answer made no sense. */
  constructor(protocol: Protocol, onUnreadable: () => void) {
    this.#fallbackType = contentTypes[protocol];
    this.#onUnreadable = onUnreadable;
  }

  read(answer: HttpAnswer, count: number): DeliveryOutcome | undefined {
    const { status } = answer;
    if (status >= 200 && status < 300) return this.#accepted(answer, count);
    if (status === PAYLOAD_TOO_LARGE || RETRYABLE.has(status) || status < 400) return undefined;
    if (status === BAD_REQUEST && answer.body.includes(BODY_LIMIT_TEXT)) return { status: "split" };
    return { status: "rejected", count, reason: `HTTP ${status}` };
  }

  #accepted(answer: HttpAnswer, count: number): DeliveryOutcome {
    const { status, headers, bytes, isWhole } = answer;
    const type = headers["content-type"] || this.#fallbackType;
    const said = isWhole ? rejectedRecords(bytes, type) : undefined;
    if (said === undefined) {
      // An answer in our format that is cut off or too large is still one.
      const isOurs = this.#isKnown || (!isWhole && type.startsWith(this.#fallbackType));
      if (!isOurs || isPage(answer)) return { status: "retry", reason: `HTTP ${status} that is no OTLP answer` };
      this.#onUnreadable();
      return { status: "delivered" };
    }
    this.#isKnown = true;
    const refused = Math.min(count, Math.max(0, said));
    if (refused === 0) return { status: "delivered" };
    const reason = `${refused} of ${count} records refused by the receiver (partial success)`;
    return { status: "rejected", count: refused, reason };
  }
}

/**
 * Reads `ExportLogsServiceResponse`: how many records the receiver refused, by a body in protobuf or JSON; `undefined` when the body is neither. The
 * number is what the receiver says, however absurd. Its message is not read at all, since it may echo secrets.
 */
export function rejectedRecords(body: Uint8Array, contentType: string): number | undefined {
  if (body.length === 0) return 0;
  try {
    if (/^application\/json\b/i.test(contentType)) return fromJson(body);
    return /^application\/(?:x-|vnd\.google\.)?protobuf\b/i.test(contentType) ? fromProtobuf(body) : undefined;
  } catch {
    return undefined; // the caller reports that the answer could not be read
  }
}

function fromJson(body: Uint8Array): number | undefined {
  const response: unknown = JSON.parse(new TextDecoder().decode(body));
  if (!isMap(response)) return undefined;
  const partial = response.partialSuccess ?? response.partial_success;
  if (partial === undefined || partial === null) return 0;
  if (!isMap(partial)) return undefined;
  const count = partial.rejectedLogRecords ?? partial.rejected_log_records ?? 0;
  const number = typeof count === "string" && /^-?\d+$/.test(count) ? Number(count) : count;
  return typeof number === "number" ? number : undefined;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fromProtobuf(body: Uint8Array): number {
  let rejected = 0n;
  forEachField(body, (number, value) => {
    if (number !== 1 || typeof value === "bigint") return;
    forEachField(value, (inner, count) => {
      if (inner === 1 && typeof count === "bigint") rejected = BigInt.asIntN(64, count);
    });
  });
  return Number(rejected);
}

/** Calls back with each varint and each length-delimited field. @throws RangeError for bytes that are no protobuf. */
function forEachField(bytes: Uint8Array, field: (number: number, value: bigint | Uint8Array) => void): void {
  let offset = 0;
  const take = (length: number): Uint8Array => {
    if (offset + length > bytes.length) throw new RangeError("the bytes end early");
    offset += length;
    return bytes.subarray(offset - length, offset);
  };
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const [byte = 0] = take(1);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError("a varint is too long");
  };
  while (offset < bytes.length) {
    const tag = varint();
    const number = Number(tag >> 3n);
    if (number === 0) throw new RangeError("a field has number 0");
    switch (tag & 7n) {
      case 0n:
        field(number, varint());
        break;
      case 1n:
        take(8);
        break;
      case 2n:
        field(number, take(Number(varint())));
        break;
      case 5n:
        take(4);
        break;
      default:
        throw new RangeError("a wire type that protobuf does not have");
    }
  }
}
