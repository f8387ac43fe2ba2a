import type { LogRecord } from "@dagstack/logger-core";
import { toOtlpJson } from "@dagstack/logger-core/wire";
import type { Protocol } from "./environment.ts";

/** A batch as it is sent. */
export interface EncodedBatch {
  /** `undefined` when no record of the batch could be encoded. */
  readonly body: Uint8Array | undefined;
  /** Records left out because they hold something that is no `Value`. Built records never do; foreign ones may. */
  readonly unencodable: number;
}

/** The content type of a request, and of the answer where that does not say. */
export const contentTypes: Readonly<Record<Protocol, string>> = {
  "http/protobuf": "application/x-protobuf",
  "http/json": "application/json",
};

function encode(records: readonly LogRecord[]): Uint8Array {
  return new TextEncoder().encode(toOtlpJson(records));
}

/** A batch in JSON. One record that cannot be encoded must not cost the others of its batch. Never throws. */
export function encodeJson(batch: readonly LogRecord[]): EncodedBatch {
  try {
    return { body: encode(batch), unencodable: 0 };
  } catch {
    const encodable = batch.filter((record) => {
      try {
        return encode([record]).length > 0;
      } catch {
        return false; // counted below
      }
    });
    return {
      body: encodable.length === 0 ? undefined : encode(encodable),
      unencodable: batch.length - encodable.length,
    };
  }
}
