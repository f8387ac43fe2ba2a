import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { testRecord } from "../../src/testing/index.ts";
import { canonicalJson, toDagstackJsonl } from "../../src/wire/index.ts";
import { record } from "./arbitraries.ts";

function orAbsent<Kind>(value: Kind, absent: boolean): Kind | undefined {
  return absent ? undefined : value;
}

function isEmpty(map: object | undefined): boolean {
  return map === undefined || Object.keys(map).length === 0;
}

describe("§1.5 dagstack JSON-lines", () => {
  it("is the canonical JSON of the members that are there (D-06, D-07)", () => {
    fc.assert(
      fc.property(record, (one) => {
        const scope = one.instrumentationScope;
        const expected = canonicalJson({
          attributes: orAbsent(one.attributes, isEmpty(one.attributes)),
          body: one.body,
          instrumentation_scope: {
            attributes: orAbsent(scope.attributes, isEmpty(scope.attributes)),
            name: scope.name,
            version: scope.version || undefined,
          },
          observed_time_unix_nano: one.observedTimeUnixNano ?? undefined,
          resource: orAbsent({ attributes: one.resource?.attributes }, isEmpty(one.resource?.attributes)),
          severity_number: one.severityNumber,
          severity_text: one.severityText,
          span_id: one.spanId ?? undefined,
          time_unix_nano: one.timeUnixNano,
          trace_flags: one.traceFlags || undefined,
          trace_id: one.traceId ?? undefined,
        });
        expect(toDagstackJsonl(one)).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it("is one line without a line end, whatever the record holds (D-09)", () => {
    fc.assert(fc.property(record, (one) => !/[\r\n]/.test(toDagstackJsonl(one))));
  });

  it("leaves out attributes that hold only undefined, as a foreign record may", () => {
    const attributes = { a: undefined } as unknown as Record<string, string>;
    expect(toDagstackJsonl(testRecord({ attributes }))).not.toContain("attributes");
  });

  it("refuses NaN in a record that no builder made (D-03)", () => {
    expect(() => toDagstackJsonl(testRecord({ attributes: { a: Number.NaN } }))).toThrow(TypeError);
  });
});
