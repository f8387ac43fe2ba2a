import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeTypedValue, recordFromFixture } from "../../../../conformance/fixtures/typed-values.ts";

interface NormaliseCase {
  readonly name: string;
  readonly in: unknown;
}

const { cases } = JSON.parse(
  readFileSync(new URL("../../../../conformance/fixtures/wire/normalise.json", import.meta.url), "utf8"),
) as { cases: readonly NormaliseCase[] };

describe("the decoder of the fixtures' typed values", () => {
  it("knows every tag that normalise.json uses", () => {
    for (const { name, in: input } of cases) expect(() => decodeTypedValue(input), name).not.toThrow();
  });

  it("refuses a tag that it does not know", () => {
    expect(() => decodeTypedValue({ $unknown: 1 })).toThrow(/unknown fixture tag/);
  });

  it("keeps a key called __proto__ as data", () => {
    const decoded = decodeTypedValue(JSON.parse('{"__proto__":{"$bigint":"1"},"a":{}}')) as object;
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
    expect(Object.getOwnPropertyDescriptor(decoded, "__proto__")?.value).toBe(1n);
  });

  it("ties $circular to the container so many levels up", () => {
    const decoded = decodeTypedValue({ a: { parent: { $circular: 1 }, root: { $circular: 2 } } }) as {
      a: { parent: unknown; root: unknown };
    };
    expect(decoded.a.parent).toBe(decoded.a);
    expect(decoded.a.root).toBe(decoded);
  });

  it("shares $shared, leaves the holes of $sparse and throws from getters and toJSON", () => {
    const shared = decodeTypedValue({ $shared: [{ a: 1 }, 2] }) as unknown[];
    expect(shared[0]).toBe(shared[1]);
    expect(0 in (decodeTypedValue({ $sparse: [2, { "1": "x" }] }) as unknown[])).toBe(false);
    const trap = decodeTypedValue({ $object: [["a", { $getter_throws: "no" }]] }) as { a: unknown };
    expect(() => trap.a).toThrow("no");
    expect(() => JSON.stringify(decodeTypedValue({ $toJSON_throws: "no" }))).toThrow("no");
  });

  it("gives records every property, null where the fixture says nothing", () => {
    const record = recordFromFixture({ timeUnixNano: "1", severityNumber: 13, body: "x", attributes: {}, scope: "a" });
    expect(record).toEqual({
      timeUnixNano: 1n,
      observedTimeUnixNano: null,
      severityNumber: 13,
      severityText: "WARN",
      body: "x",
      attributes: {},
      resource: null,
      instrumentationScope: { name: "a", version: null, attributes: {} },
      traceId: null,
      spanId: null,
      traceFlags: 0,
    });
  });
});
