import { runInNewContext } from "node:vm";
import { afterEach, describe, expect, it } from "vitest";
import { buildAttributes, createRedactor, exceptionAttributes } from "../../src/index.ts";

const redactor = createRedactor();
const { prepareStackTrace } = Error as { prepareStackTrace?: unknown };
afterEach(() => {
  Object.assign(Error, { prepareStackTrace });
});

type Tree = Record<string, unknown>;

/** What was reported of the last record. */
let reports: string[] = [];

/** How an error is told as an attribute. */
function asAttribute(e: unknown): Tree {
  reports = [];
  return buildAttributes([{ e }], redactor, (kind, path) => reports.push(`${kind} ${path}`)).e as Tree;
}

/** How it is told as what was thrown. */
function asException(e: unknown): Tree {
  reports = [];
  const report = (kind: string, path: string): unknown => reports.push(`${kind} ${path}`);
  return buildAttributes([exceptionAttributes(e, redactor, report)], redactor, report);
}

const coded = (message: string, code: string): Error =>
  Object.assign(new Error(message), { code, db_password: "s3cret" });

class SuppressedLike extends Error {
  constructor(error: unknown, suppressed: unknown) {
    super("suppressed");
    Object.defineProperty(this, "error", { value: error, configurable: true, writable: true });
    Object.defineProperty(this, "suppressed", { value: suppressed, configurable: true, writable: true });
    this.name = "SuppressedError";
  }
}

describe("§3.2: one tree of errors, whichever call takes them", () => {
  const tree = (): Error =>
    Object.assign(
      new AggregateError([coded("one", "E1"), "two"], "outer", {
        cause: new AggregateError([new Error("deep", { cause: coded("deepest", "E3") })], "middle", {
          cause: coded("inner", "E2"),
        }),
      }),
      { status: 503 },
    );

  it("as an attribute", () => {
    expect(asAttribute(tree())).toMatchObject({
      type: "AggregateError",
      message: "outer",
      status: 503,
      errors: [{ message: "one", code: "E1", db_password: "***" }, "two"],
      cause: {
        message: "middle",
        errors: [{ message: "deep", cause: { message: "deepest", code: "E3", db_password: "***" } }],
        cause: { message: "inner", code: "E2", db_password: "***" },
      },
    });
  });

  it("as what was thrown", () => {
    const attributes = asException(tree());
    expect(attributes).toMatchObject({
      "exception.type": "AggregateError",
      "exception.message": "outer",
      "dagstack.exception.properties": { status: 503 },
      "dagstack.exception.errors": [
        { type: "Error", message: "one", code: "E1", db_password: "***" },
        { type: "string", message: "two" },
      ],
      "dagstack.exception.causes": [
        { message: "middle", errors: [{ message: "deep", cause: { message: "deepest", code: "E3" } }] },
        { message: "inner", code: "E2", db_password: "***" },
      ],
    });
    const [first] = attributes["dagstack.exception.causes"] as [Tree];
    expect(first).not.toHaveProperty("cause");
  });

  it("as the attribute argument it is told as what was thrown", () => {
    const error = tree();
    expect(buildAttributes([error], redactor)).toStrictEqual(asException(error));
  });

  it.each([
    ["SuppressedError", () => new SuppressedLike(coded("first", "E1"), coded("second", "E2"))],
    [
      "one that lists them",
      () => Object.assign(new Error("suppressed"), { error: coded("first", "E1"), suppressed: coded("second", "E2") }),
    ],
  ])("error and suppressed of %s, at every level", (_, make) => {
    const both = { error: { message: "first", code: "E1" }, suppressed: { message: "second", code: "E2" } };
    expect(asAttribute(make())).toMatchObject(both);
    expect(asAttribute(new Error("m", { cause: make() }))).toMatchObject({ cause: both });
    expect(asException(make())["dagstack.exception.properties"]).toMatchObject(both);
    expect(asException(new AggregateError([make()]))["dagstack.exception.errors"]).toMatchObject([both]);
    expect(asException(new Error("m", { cause: make() }))["dagstack.exception.causes"]).toMatchObject([both]);
  });

  it("the cause of a DOMException, and members of another realm's errors", () => {
    const dom = new DOMException("m", { name: "AbortError", cause: coded("why", "E1") } as never);
    expect(asAttribute(dom)).toMatchObject({ type: "AbortError", cause: { message: "why", code: "E1" } });
    const foreign = runInNewContext(
      'Object.assign(new AggregateError([new Error("a")], "m", { cause: new Error("c") }), { code: 1 })',
    );
    expect(asAttribute(foreign)).toMatchObject({ code: 1, errors: [{ message: "a" }], cause: { message: "c" } });
    expect(asException(foreign)).toMatchObject({
      "dagstack.exception.errors": [{ message: "a" }],
      "dagstack.exception.properties": { code: 1 },
    });
  });

  it("own members called type and stacktrace stand beside the error's own", () => {
    const error = Object.assign(new Error("m"), { type: "entity.too.large" });
    expect(asAttribute(error)).toMatchObject({ type: "Error", "own.type": "entity.too.large" });
    expect(asException(error)).toMatchObject({
      "exception.type": "Error",
      "dagstack.exception.properties": { type: "entity.too.large" },
    });
  });

  it("errors that are no list are told like other members", () => {
    const error = Object.assign(new Error("m"), { errors: { field: "required" } });
    expect(asAttribute(error)).toMatchObject({ errors: { field: "required" } });
    expect(asException(error)).toMatchObject({ "dagstack.exception.properties": { errors: { field: "required" } } });
  });

  it("without anything more there are three attributes", () => {
    expect(Object.keys(asException(new TypeError("m")))).toStrictEqual([
      "exception.type",
      "exception.message",
      "exception.stacktrace",
    ]);
  });

  it("no secret of an own member is read", () => {
    let reads = 0;
    const error = Object.defineProperty(new Error("m"), "x_api_key", { enumerable: true, get: () => ++reads });
    asAttribute(error);
    asException(new Error("n", { cause: error }));
    asException(error);
    expect(reads).toBe(0);
  });
});

describe("§3.2: a message that is no text is normalised, never emptied", () => {
  it.each<[string, unknown, unknown, string]>([
    ["a map", { b: 1, a: { x_token: "s3cret" } }, { b: 1, a: { x_token: "***" } }, '{"a":{"x_token":"***"},"b":1}'],
    ["a list", ["a", 2], ["a", 2], '["a",2]'],
    ["a number", 42, 42, "42"],
    ["a large bigint", 2n ** 70n, "1180591620717411303424", "1180591620717411303424"],
    ["a symbol", Symbol("why"), "Symbol(why)", "Symbol(why)"],
    [
      "an error",
      coded("inner", "E1"),
      expect.objectContaining({ message: "inner", code: "E1" }),
      expect.stringContaining('"code":"E1"'),
    ],
    ["null", null, null, "null"],
  ])("%s", (_, message, asValue, asText) => {
    const error = Object.assign(new Error(), { message });
    expect(asAttribute(error).message).toStrictEqual(asValue);
    expect(asException(error)["exception.message"]).toStrictEqual(asText);
    expect(asException(new Error("m", { cause: error }))["dagstack.exception.causes"]).toMatchObject([
      { message: asValue },
    ]);
  });

  it("a getter that throws is unreadable, and reported", () => {
    const error = Object.assign(new Error("m"), { stack: "here" });
    Object.defineProperty(error, "message", {
      get: () => {
        throw new Error("s3cret");
      },
    });
    expect(asAttribute(error)).toMatchObject({ type: "Error", message: "[Unreadable]" });
    expect(reports).toStrictEqual(["unreadable e.message"]);
    expect(asException(error)["exception.message"]).toBe("[Unreadable]");
    expect(reports).toStrictEqual(["unreadable message"]);
  });
});

describe("§3.2: a stack that the application has made its own", () => {
  it("call sites are told as text", () => {
    Object.assign(Error, { prepareStackTrace: (_: unknown, calls: unknown) => calls });
    const error = new TypeError("m");
    for (const stack of [asAttribute(error).stacktrace, asException(error)["exception.stacktrace"]]) {
      expect(stack).toMatch(/^TypeError: m\n {4}at .*errors\.test\.ts/);
      expect((stack as string).split("\n").length).toBeGreaterThan(3);
    }
  });

  it("one that throws is left out, and reported", () => {
    Object.assign(Error, {
      prepareStackTrace: () => {
        throw new RangeError("s3cret");
      },
    });
    const error = new Error("m");
    expect(asAttribute(error)).toStrictEqual({ type: "Error", message: "m" });
    expect(reports).toStrictEqual(["unreadable e.stacktrace"]);
    expect(asException(error)).toStrictEqual({ "exception.type": "Error", "exception.message": "m" });
    expect(reports).toStrictEqual(["unreadable exception.stacktrace"]);
  });

  it("any other value is told as such in the tree", () => {
    Object.assign(Error, { prepareStackTrace: () => ({ frames: 3, x_token: "s3cret" }) });
    expect(asAttribute(new Error("m")).stacktrace).toStrictEqual({ frames: 3, x_token: "***" });
  });
});

describe("§3.2: hostile errors", () => {
  it("one whose keys cannot be listed keeps the rest", () => {
    const error = new Proxy(new Error("m", { cause: "why" }), {
      ownKeys: () => {
        throw new Error("s3cret");
      },
    });
    expect(asAttribute(error)).toMatchObject({ type: "Error", message: "m", cause: "why" });
    expect(asException(error)).toMatchObject({
      "exception.message": "m",
      "dagstack.exception.causes": [{ message: "why" }],
    });
  });

  it("a chain of causes that cannot be read says so", () => {
    const error = Object.defineProperty(new Error("m"), "cause", {
      get: () => {
        throw new Error("s3cret");
      },
    });
    expect(asException(error)["dagstack.exception.causes"]).toStrictEqual(["[Unreadable]"]);
  });
});
