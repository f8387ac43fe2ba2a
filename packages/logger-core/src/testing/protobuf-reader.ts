/** A protobuf reader that knows wire types and nothing of messages. Written apart from the writer, to check it. */
import { WireFormatError } from "../options/index.ts";

/** How a field is laid out on the wire. */
export type WireType = "varint" | "fixed64" | "bytes" | "fixed32";

/** One field of a message, in the order of the bytes. */
export interface ProtobufField {
  readonly number: number;
  readonly type: WireType;
  /** The unsigned integer of a varint or fixed field; 0 for `bytes`. */
  readonly integer: bigint;
  /** The content of a `bytes` field: a string, a message or bytes; empty for the others. */
  readonly bytes: Uint8Array;
}

const NO_BYTES = new Uint8Array(0);
const MAX_VARINT_BYTES = 10;

/** The error for bytes that are no protobuf, or not the expected message. */
export function protobufError(message: string): WireFormatError {
  return new WireFormatError("protobuf", message);
}

/** The fields of a message. @throws WireFormatError `protobuf` when the bytes end early or make no sense. */
export function readFields(message: Uint8Array): ProtobufField[] {
  const fields: ProtobufField[] = [];
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  let offset = 0;

  const take = (size: number): number => {
    const start = offset;
    if (size > message.length - start) throw protobufError("the bytes end within a field");
    offset += size;
    return start;
  };
  const varint = (): bigint => {
    let value = 0n;
    for (let index = 0n; index < MAX_VARINT_BYTES; index++) {
      const byte = view.getUint8(take(1));
      value |= BigInt(byte & 0x7f) << (7n * index);
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw protobufError("a varint is longer than ten bytes");
  };

  while (offset < message.length) {
    const tag = varint();
    const number = Number(tag >> 3n);
    if (number === 0) throw protobufError("a field has number 0");
    switch (tag & 7n) {
      case 0n:
        fields.push({ number, type: "varint", integer: varint(), bytes: NO_BYTES });
        break;
      case 1n:
        fields.push({ number, type: "fixed64", integer: view.getBigUint64(take(8), true), bytes: NO_BYTES });
        break;
      case 2n: {
        const size = Number(varint());
        const start = take(size);
        fields.push({ number, type: "bytes", integer: 0n, bytes: message.subarray(start, start + size) });
        break;
      }
      case 5n:
        fields.push({ number, type: "fixed32", integer: BigInt(view.getUint32(take(4), true)), bytes: NO_BYTES });
        break;
      default:
        throw protobufError("a field has a wire type that OTLP does not use");
    }
  }
  return fields;
}

/** The integer of a field that must have this type. */
export function integerOf(field: ProtobufField, type: Exclude<WireType, "bytes">): bigint {
  return checkType(field, type).integer;
}

/** The content of a field that must hold bytes. */
export function bytesOf(field: ProtobufField): Uint8Array {
  return checkType(field, "bytes").bytes;
}

/** The text of a field that must hold UTF-8. */
export function textOf(field: ProtobufField): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytesOf(field));
  } catch (error) {
    throw error instanceof WireFormatError ? error : protobufError(`field ${field.number} is not UTF-8`);
  }
}

function checkType(field: ProtobufField, type: WireType): ProtobufField {
  if (field.type !== type) throw protobufError(`field ${field.number} is a ${field.type}, not a ${type}`);
  return field;
}
