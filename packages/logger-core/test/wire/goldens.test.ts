import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { toDagstackJsonl, toOtlpJson, toOtlpProtobuf } from "../../src/wire/index.ts";
import { goldenRecord, goldens } from "./goldens.ts";

function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

describe("14.1-a: the golden records, byte for byte", () => {
  it("there are 108 of them", () => {
    expect(goldens).toHaveLength(108);
  });

  for (const golden of goldens) {
    const { name, expected } = golden;

    it(`${name}: dagstack JSON-lines (§1.5)`, () => {
      const line = toDagstackJsonl(goldenRecord(golden));
      expect(line).toBe(expected.dagstack_jsonl);
      expect(sha256(line)).toBe(expected.dagstack_jsonl_utf8_sha256);
    });

    it(`${name}: OTLP JSON (§1.6)`, () => {
      const text = toOtlpJson([goldenRecord(golden)]);
      expect(text).toBe(expected.otlp_json);
      expect(sha256(text)).toBe(expected.otlp_json_utf8_sha256);
    });

    it(`${name}: OTLP protobuf (§1.7)`, () => {
      const bytes = toOtlpProtobuf([goldenRecord(golden)]);
      expect(Buffer.from(bytes).toString("hex")).toBe(expected.otlp_protobuf_hex);
    });
  }
});
