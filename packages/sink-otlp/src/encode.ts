import type { LogRecord } from "@dagstack/logger-core";
import type { HttpBody } from "@dagstack/logger-core/http";
import { toOtlpJson } from "@dagstack/logger-core/wire";
import type { Protocol } from "./environment.ts";
import { type PackedRecord, requestOf } from "./packed-records.ts";

/** The content type of a request, and of the answer where that does not say. */
export const contentTypes: Readonly<Record<Protocol, string>> = {
  "http/protobuf": "application/x-protobuf",
  "http/json": "application/json",
};

/** A batch in JSON. @throws for a record that holds something that is no `Value`: built records never do. */
export function encodeJson(batch: readonly LogRecord[]): HttpBody {
  return { body: toOtlpJson(batch), contentType: contentTypes["http/json"] };
}

/** A batch in protobuf, of records that are encoded already. */
export function encodePacked(batch: readonly PackedRecord[]): HttpBody {
  return { body: requestOf(batch), contentType: contentTypes["http/protobuf"] };
}
