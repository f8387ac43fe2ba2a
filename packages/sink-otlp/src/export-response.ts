/** Reads `ExportLogsServiceResponse`: one number. The receiver's message is not read at all, since it may echo secrets. */

/**
 * How many records the receiver refused, by a body in protobuf or JSON; `undefined` when the body is neither. The number
 * is what the receiver says, however absurd.
 */
export function rejectedRecords(body: Uint8Array, contentType: string): number | undefined {
  if (body.length === 0) return 0;
  try {
    return /^application\/json\b/i.test(contentType) ? fromJson(body) : fromProtobuf(body);
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
