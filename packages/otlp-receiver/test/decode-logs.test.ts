import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeLogs } from "../src/index.ts";

/** The worked example of §1.7, as text: nothing here comes from an encoder of ours. */
const GOLDEN =
  "0abe010a210a1f0a0c736572766963652e6e616d65120f0a0d6f726465722d736572766963651298010a1f0a166f726465725f736572766963652e636865636b6f75741205312e302e3012750900002a36fe9c971710091a04494e464f2a0e0a0c6f7264657220706c61636564320f0a086f726465722e6964120318d20932170a0a726571756573742e696412090a077265712d61626345010000004a100af7651916cd43dd8448eb211c80319c5208b7ad6b716920333159dc052a36fe9c9717";

interface Golden {
  readonly expect?: { readonly otlp_json?: string; readonly otlp_protobuf_hex?: string };
}

const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const requestOf = (record: unknown): Uint8Array => json({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] });

describe("decodeLogs", () => {
  it("reads the example of §1.7", () => {
    expect(decodeLogs(Buffer.from(GOLDEN, "hex"), "protobuf")).toEqual([
      {
        timeUnixNano: 1_700_000_000_000_000_000n,
        observedTimeUnixNano: 1_700_000_000_000_001_500n,
        severityNumber: 9,
        severityText: "INFO",
        body: "order placed",
        attributes: { "order.id": 1234, "request.id": "req-abc" },
        flags: 1,
        traceId: "0af7651916cd43dd8448eb211c80319c",
        spanId: "b7ad6b7169203331",
        resource: { "service.name": "order-service" },
        scope: { name: "order_service.checkout", version: "1.0.0", attributes: {} },
      },
    ]);
  });

  it.each(["numbers", "strings", "structure", "severities", "events"])(
    "reads the same from the protobuf and the JSON goldens of wire/%s.json (§14.1)",
    (name) => {
      const path = new URL(`../../../conformance/fixtures/wire/${name}.json`, import.meta.url);
      const found = goldensIn(JSON.parse(readFileSync(path, "utf8")));
      expect(found.length).toBeGreaterThan(0);
      for (const { text, hex } of found) {
        const fromJson = decodeLogs(new TextEncoder().encode(text), "json");
        expect(fromJson).toEqual(decodeLogs(Buffer.from(hex, "hex"), "protobuf"));
        expect(fromJson.length).toBeGreaterThan(0);
      }
    },
  );

  it("refuses what an OTLP encoder must not write", () => {
    expect(() => decodeLogs(Buffer.from("0aff", "hex"), "protobuf")).toThrow();
    expect(() => decodeLogs(Buffer.from("7801", "hex"), "protobuf")).toThrow("unknown fields: 15");
    expect(() => decodeLogs(requestOf({ traceFlags: 1 }), "json")).toThrow("traceFlags");
    expect(() => decodeLogs(requestOf({ severityNumber: "SEVERITY_NUMBER_INFO" }), "json")).toThrow();
    expect(() => decodeLogs(requestOf({ traceId: "CvdlGRbNQ92ESOshHIAxnA==" }), "json")).toThrow("hex");
    expect(() => decodeLogs(requestOf({ traceId: "0af7" }), "json")).toThrow("an id of 2 bytes");
    expect(() => decodeLogs(requestOf({ body: { intValue: "1e21" } }), "json")).toThrow();
    const twice = [{ key: "a" }, { key: "a" }];
    expect(() => decodeLogs(requestOf({ attributes: twice }), "json")).toThrow("twice");
  });
});

/** Every pair of goldens anywhere in a fixture file. */
function goldensIn(value: unknown): { readonly text: string; readonly hex: string }[] {
  if (typeof value !== "object" || value === null) return [];
  const { otlp_json: text, otlp_protobuf_hex: hex } = value as NonNullable<Golden["expect"]>;
  if (typeof text === "string" && typeof hex === "string") return [{ text, hex }];
  return Object.values(value).flatMap(goldensIn);
}
