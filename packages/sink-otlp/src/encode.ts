import type { HttpBody } from "@dagstack/logger-core/http";
import type { Protocol } from "./environment.ts";
import { JsonRequests } from "./json-requests.ts";
import { type PackedRecord, requestOf } from "./packed-records.ts";

/** The content type of a request, and of the answer where that does not say. */
export const contentTypes: Readonly<Record<Protocol, string>> = {
  "http/protobuf": "application/x-protobuf",
  "http/json": "application/json",
};

/** Makes of records that wait the body of a request. */
export function bodyEncoder(protocol: Protocol): (batch: readonly PackedRecord[]) => HttpBody {
  const contentType = contentTypes[protocol];
  if (protocol === "http/protobuf") return (batch) => ({ body: requestOf(batch), contentType });
  const requests = new JsonRequests();
  return (batch) => ({ body: requests.write(batch), contentType });
}
