import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LogRecord } from "../../src/record/record.ts";
import { parseOtlpJson, parseOtlpProtobuf } from "../../src/testing/index.ts";
import { parseDagstackJsonl, toDagstackJsonl, toOtlpJson, toOtlpProtobuf } from "../../src/wire/index.ts";
import { record } from "./arbitraries.ts";
import { goldenRecord, goldens } from "./goldens.ts";

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

function isDeeplyFrozen(value: unknown): boolean {
  return (
    typeof value !== "object" ||
    value === null ||
    (Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen))
  );
}

const formats = {
  "dagstack JSON-lines": {
    emit: (records: readonly LogRecord[]) => records.map(toDagstackJsonl).join("\n"),
    parse: (text: string) => text.split("\n").map((line) => parseDagstackJsonl(line)),
  },
  "OTLP JSON": { emit: toOtlpJson, parse: parseOtlpJson },
  "OTLP protobuf": {
    emit: (records: readonly LogRecord[]) => hex(toOtlpProtobuf(records)),
    parse: (text: string) => parseOtlpProtobuf(Buffer.from(text, "hex")),
  },
};

describe("14.1-b: emit, parse, re-emit is byte-identical", () => {
  for (const [format, { emit, parse }] of Object.entries(formats)) {
    it(`${format}: the golden records`, () => {
      for (const golden of goldens) {
        const emitted = emit([goldenRecord(golden)]);
        expect(emit(parse(emitted)), golden.name).toBe(emitted);
      }
    });

    it(`${format}: random records`, () => {
      fc.assert(
        fc.property(record, (one) => {
          const emitted = emit([one]);
          expect(emit(parse(emitted))).toBe(emitted);
        }),
        { numRuns: 500 },
      );
    });

    it(`${format}: random batches`, () => {
      fc.assert(
        fc.property(fc.array(record, { minLength: 1, maxLength: 6 }), (records) => {
          const emitted = emit(records);
          expect(emit(parse(emitted))).toBe(emitted);
        }),
      );
    });

    it(`${format}: what is read is deeply frozen`, () => {
      fc.assert(fc.property(record, (one) => parse(emit([one])).every(isDeeplyFrozen)));
    });
  }

  it("both OTLP formats tell the same", () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 5 }), (records) => {
        // Protobuf cannot tell an observed time of 0 from none.
        const observed = records.filter((one) => one.observedTimeUnixNano !== 0n);
        expect(toOtlpJson(parseOtlpProtobuf(toOtlpProtobuf(observed)))).toBe(toOtlpJson(observed));
        expect(toOtlpProtobuf(parseOtlpJson(toOtlpJson(observed)))).toEqual(toOtlpProtobuf(observed));
      }),
      { numRuns: 300 },
    );
  });
});
