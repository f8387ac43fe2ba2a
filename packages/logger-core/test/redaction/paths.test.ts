import { describe, expect, it } from "vitest";
import { buildAttributes, ConfigError, createRedactor, type RedactionConfig } from "../../src/index.ts";
import { pathSteps } from "../../src/redaction/key-paths.ts";

const masked = (paths: readonly string[], attributes: object) =>
  buildAttributes([attributes], createRedactor({ preset: "base", paths }));

function messageOf(config: RedactionConfig): string {
  try {
    createRedactor(config);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
  }
  throw new Error("not refused");
}

describe("redaction.paths", () => {
  it.each<[string, object, object]>([
    ["a.b", { a: { b: 1, c: 2 }, b: 3 }, { a: { b: "***", c: 2 }, b: 3 }],
    ["a.b", { "a.b": 1, x: { a: { b: 1 }, "a.b": 2 } }, { "a.b": "***", x: { a: { b: 1 }, "a.b": 2 } }],
    ["a.b.c", { "a.b": { c: 1 }, a: { "b.c": 1 } }, { "a.b": { c: "***" }, a: { "b.c": "***" } }],
    ["a", { a: { b: 1 }, b: { a: 1 } }, { a: "***", b: { a: 1 } }],
    ["A.B", { a: { b: 1 } }, { a: { b: "***" } }],
    ["users.*.ssn", { users: [{ ssn: 1, n: 1 }, { ssn: 2 }] }, { users: [{ ssn: "***", n: 1 }, { ssn: "***" }] }],
    ["users[*].ssn", { users: [{ ssn: 1 }] }, { users: [{ ssn: "***" }] }],
    ["users.*.ssn", { users: { ann: { ssn: 1 } }, ssn: 1 }, { users: { ann: { ssn: "***" } }, ssn: 1 }],
    ["*.id", { a: { id: 1 }, id: 2, b: { c: { id: 3 } } }, { a: { id: "***" }, id: 2, b: { c: { id: 3 } } }],
    ["list.*", { list: [1, "b"], other: [1] }, { list: ["***", "***"], other: [1] }],
    ["list[1]", { list: [1, 2, 3] }, { list: [1, "***", 3] }],
    ["list.*.*", { list: [[1, 2], [3]] }, { list: [["***", "***"], ["***"]] }],
    ["map.*", { map: { a: 1, b: { c: 2 } } }, { map: { a: "***", b: "***" } }],
    ['a["x-y"].z', { a: { "x-y": { z: 1 } } }, { a: { "x-y": { z: "***" } } }],
    [
      "req.headers.authorization",
      { req: { headers: { Authorization: "x" } } },
      { req: { headers: { Authorization: "***" } } },
    ],
  ])("%s in %j", (path, given, expected) => {
    expect(masked([path], given)).toStrictEqual(expected);
  });

  it("what a path ends at is not read", () => {
    let reads = 0;
    const holder = Object.defineProperty({}, "b", { enumerable: true, get: () => (reads += 1) });
    expect(masked(["a.b"], { a: holder })).toStrictEqual({ a: { b: "***" } });
    expect(reads).toBe(0);
  });

  it.each(["", ".", "a..b", "a[", "a b", "a['", "a["])("%j is no path", (path) => {
    expect(pathSteps(path)).toBeUndefined();
    expect(messageOf({ paths: [path] })).toContain("redaction.paths[0]");
  });

  it("a path given as suffix or name is refused, and the fix is named", () => {
    for (const extraSuffixes of [["req.headers.authorization"], ["users.*.ssn"], ["a[0]"]]) {
      expect(messageOf({ extraSuffixes })).toMatch(/is a path|contains a path.*redaction\.paths/);
    }
    expect(messageOf({ names: ["user.ssn"] })).toContain("put a path into redaction.paths");
    expect(() => createRedactor({ extraSuffixes: [".pin"] })).not.toThrow();
  });
});

describe("redaction.serializers", () => {
  it("their answers are logged in place of the value, masked like any", () => {
    const redactor = createRedactor({
      serializers: {
        user: (user) => ({ id: (user as { id: number }).id, password: "x" }),
        gone: () => undefined,
        bad: () => {
          throw new RangeError("s3cret");
        },
      },
    });
    const told: string[] = [];
    const given = { user: { id: 1, name: "n" }, deep: { user: { id: 2 } }, gone: 1, bad: 1 };
    expect(buildAttributes([given], redactor, (...report) => told.push(report.join(" ")))).toStrictEqual({
      user: { id: 1, password: "***" },
      deep: { user: { id: 2, password: "***" } },
      bad: "[Unreadable]",
    });
    expect(told).toEqual(["unreadable bad RangeError"]);
  });

  it("a serializer for a secret key is not called", () => {
    const redactor = createRedactor({ serializers: { password: () => "shown" } });
    expect(buildAttributes([{ password: "x" }], redactor)).toStrictEqual({ password: "***" });
  });

  it("what is no function is refused", () => {
    expect(messageOf({ serializers: { a: 1 } as never })).toContain("redaction.serializers.a");
    expect(messageOf({ serializers: [] as never })).toContain("redaction.serializers");
  });
});
