import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WireFormatError } from "../../src/options/errors.ts";
import { type ParseOptions, parseDagstackJsonl, toDagstackJsonl } from "../../src/wire/index.ts";
import { record, text } from "./arbitraries.ts";
import { goldens, wireFixture } from "./goldens.ts";

interface Reject {
  readonly name: string;
  readonly line: string;
  readonly reason: string;
}

interface Accept {
  readonly name: string;
  readonly line: string;
  readonly reemitted: string;
}

const { rejects, accepts } = wireFixture<{ rejects: readonly Reject[]; accepts: readonly Accept[] }>("parse");

/** The member that the refusal of a line names, or "read" when it is not refused. */
function refusal(line: string, options?: ParseOptions): string {
  try {
    parseDagstackJsonl(line, options);
    return "read";
  } catch (error) {
    if (error instanceof WireFormatError) return error.member;
    throw error;
  }
}

/** A minimal line with other or more members, given as JSON text. */
function line(members: Readonly<Record<string, string>> = {}): string {
  const all = {
    body: '"x"',
    instrumentation_scope: '{"name":"a"}',
    severity_number: "9",
    severity_text: '"INFO"',
    time_unix_nano: "1",
    ...members,
  };
  return `{${Object.entries(all).map(([name, json]) => `"${name}":${json}`)}}`;
}

const traceId = '"0af7651916cd43dd8448eb211c80319c"';

describe("14.1-c: parse.json", () => {
  it("has 50 lines to refuse and 10 to accept", () => {
    expect([rejects.length, accepts.length]).toEqual([50, 10]);
  });

  for (const { name, line, reason } of rejects) {
    it(`refuses ${name}`, () => {
      expect(refusal(line)).toBe(reason);
    });
  }

  for (const { name, line, reemitted } of accepts) {
    it(`accepts ${name}`, () => {
      expect(toDagstackJsonl(parseDagstackJsonl(line))).toBe(reemitted);
    });
  }
});

describe("§1.9 what a line must keep", () => {
  for (const [name, members, member] of [
    ["a time spelled with an exponent, however small", { time_unix_nano: "1e2" }, "time_unix_nano"],
    ["a time spelled with a point", { time_unix_nano: "100.0" }, "time_unix_nano"],
    ["a time of null", { time_unix_nano: "null" }, "time_unix_nano"],
    ["a time of minus zero", { time_unix_nano: "-0" }, "time_unix_nano"],
    ["an observed time beyond uint64", { observed_time_unix_nano: "18446744073709551616" }, "observed_time_unix_nano"],
    ["an observed time that is a list", { observed_time_unix_nano: "[1]" }, "observed_time_unix_nano"],
    ["a severity number beyond 2^53", { severity_number: "99999999999999999999" }, "severity_number"],
    ["a scope whose name is empty", { instrumentation_scope: '{"name":""}' }, "instrumentation_scope"],
    [
      "a scope version that is a number",
      { instrumentation_scope: '{"name":"a","version":1}' },
      "instrumentation_scope",
    ],
    [
      "scope attributes that are a list",
      { instrumentation_scope: '{"name":"a","attributes":[]}' },
      "instrumentation_scope",
    ],
    ["an unknown member of the scope", { instrumentation_scope: '{"name":"a","x":1}' }, "instrumentation_scope"],
    ["a scope name by inheritance", { instrumentation_scope: '{"__proto__":{"name":"a"}}' }, "instrumentation_scope"],
    ["an unknown member of the resource", { resource: '{"attributes":{},"x":1}' }, "resource"],
    ["a resource that is a list", { resource: "[]" }, "resource"],
    ["resource attributes that are a string", { resource: '{"attributes":"a"}' }, "resource"],
    ["fractional trace flags", { trace_id: traceId, trace_flags: "0.5" }, "trace_flags"],
    ["an empty trace id", { trace_id: '""' }, "trace_id"],
    ["a member called __proto__", { ["__proto__"]: "1" }, "__proto__"],
    ["an attribute beyond double range", { attributes: '{"a":1e400}' }, "json"],
    ["a duplicate deep inside an attribute", { attributes: '{"a":[{"b":1,"b":1}]}' }, "duplicate"],
  ] as const) {
    it(`refuses ${name}`, () => {
      expect(refusal(line(members))).toBe(member);
    });
  }

  it("takes whole numbers in any spelling where no time is meant", () => {
    const read = parseDagstackJsonl(line({ severity_number: "9.0", trace_id: traceId, trace_flags: "1e0" }));
    expect([read.severityNumber, read.traceFlags]).toEqual([9, 1]);
  });

  it("reads times as bigints, whatever their size", () => {
    const read = parseDagstackJsonl(line({ time_unix_nano: "7", observed_time_unix_nano: "18446744073709551615" }));
    expect([read.timeUnixNano, read.observedTimeUnixNano]).toEqual([7n, 2n ** 64n - 1n]);
  });

  it("reads a resource that is empty as none", () => {
    expect(parseDagstackJsonl(line({ resource: "{}" })).resource).toBeNull();
  });

  it("gives null, 0 or an empty map for every member that is absent (§1.1)", () => {
    expect(parseDagstackJsonl(line())).toEqual({
      timeUnixNano: 1n,
      observedTimeUnixNano: null,
      severityNumber: 9,
      severityText: "INFO",
      body: "x",
      attributes: {},
      resource: null,
      instrumentationScope: { name: "a", version: null, attributes: {} },
      traceId: null,
      spanId: null,
      traceFlags: 0,
    });
  });

  it("reads a body of null as a body", () => {
    expect(parseDagstackJsonl(line({ body: "null" })).body).toBeNull();
  });
});

describe("D-15 lenient mode", () => {
  const lenient = { lenient: true };

  it("ignores unknown members of the record, its scope and its resource", () => {
    const newer = line({
      event_name: '"e"',
      instrumentation_scope: '{"name":"a","schema_url":"u"}',
      resource: '{"attributes":{"k":1},"schema_url":"u"}',
    });
    expect(toDagstackJsonl(parseDagstackJsonl(newer, lenient))).toBe(
      '{"body":"x","instrumentation_scope":{"name":"a"},"resource":{"attributes":{"k":1}},"severity_number":9,"severity_text":"INFO","time_unix_nano":1}',
    );
  });

  const unknownMembers = new Set(["unknown top-level member (strict mode)", "camelCase member (strict mode)"]);
  it("refuses everything else that strict mode refuses", () => {
    for (const { name, line, reason } of rejects) {
      expect(refusal(line, lenient), name).toBe(unknownMembers.has(name) ? "read" : reason);
    }
  });
});

describe("§1.9 under mutation", () => {
  const lines = goldens.map(({ expected }) => expected.dagstack_jsonl);
  const mutation = fc.record({
    at: fc.nat({ max: 10_000 }),
    remove: fc.integer({ min: 0, max: 3 }),
    insert: fc.oneof(text, fc.constantFrom(...'{}[],:"\\019eE-.tfn ', "null", '"a":', "\\ud800", "[[[[", "1e999")),
  });

  it("a changed line is refused with a WireFormatError, or read and then written canonically", () => {
    let refused = 0;
    let read = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...lines),
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
        (original, mutations) => {
          let changed = original;
          for (const { at, remove, insert } of mutations) {
            const position = at % (changed.length + 1);
            changed = changed.slice(0, position) + insert + changed.slice(position + remove);
          }
          if (refusal(changed) !== "read") {
            refused++;
            return;
          }
          read++;
          const canonical = toDagstackJsonl(parseDagstackJsonl(changed));
          expect(toDagstackJsonl(parseDagstackJsonl(canonical))).toBe(canonical);
        },
      ),
      { numRuns: 3_000 },
    );
    expect(Math.min(refused, read)).toBeGreaterThan(100);
  });

  it("a line cut short anywhere is refused as json", () => {
    fc.assert(
      fc.property(record, fc.nat(), (one, cut) => {
        const whole = toDagstackJsonl(one);
        expect(["json", "surrogate"]).toContain(refusal(whole.slice(0, cut % whole.length)));
      }),
    );
  });
});
