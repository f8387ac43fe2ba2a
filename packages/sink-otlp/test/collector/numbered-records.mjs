// Records that carry their number.
import { testRecord } from "@dagstack/logger-core/testing";
import { bodyOf } from "./exported-records.mjs";

const resource = Object.freeze({ attributes: Object.freeze({ "service.name": "order-service" }) });

/** Record `number`; `padding` is the length of a text in it. */
export function numberedRecord(number, padding = 0) {
  const attributes = Object.freeze({ "record.number": number, "order.note": "x".repeat(padding) });
  return testRecord({ body: bodyOf(number), attributes, resource });
}
