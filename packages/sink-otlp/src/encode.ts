import type { HttpBody } from "@dagstack/logger-core/http";
import { OtlpJsonTranscoder } from "@dagstack/logger-core/wire";
import type { Protocol } from "./environment.ts";
import { groupsOf, type PackedRecord, requestOf } from "./packed-records.ts";

/** The content type of a request, and of the answer where that does not say. */
export const contentTypes: Readonly<Record<Protocol, string>> = {
  "http/protobuf": "application/x-protobuf",
  "http/json": "application/json",
};

/** Makes of records that wait the body of a request. */
export function bodyEncoder(protocol: Protocol): (batch: readonly PackedRecord[]) => HttpBody {
  const contentType = contentTypes[protocol];
  if (protocol === "http/protobuf") return (batch) => ({ body: requestOf(batch), contentType });
  const transcoder = new OtlpJsonTranscoder();
  return (batch) => ({ body: transcoder.write(groupsOf(batch)), contentType });
}
