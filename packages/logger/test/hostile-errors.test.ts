import { afterEach, describe, expect, it } from "vitest";
import { Logger } from "../src/index.ts";
import { last, observe } from "./observed-logging.ts";

const { prepareStackTrace } = Error as { prepareStackTrace?: unknown };

afterEach(() => {
  Object.assign(Error, { prepareStackTrace });
  Logger.reset();
});

const thrower = (): never => {
  throw new RangeError("s3cret");
};

describe("§3.6: exception() whatever the application did to Error.prepareStackTrace", () => {
  it.each<[string, () => unknown]>([
    ["an error", () => new TypeError("m")],
    ["a text, whose stack is captured at the call", () => "m"],
  ])("call sites: the stack of %s is useful text", (_, make) => {
    Object.assign(Error, { prepareStackTrace: (_error: unknown, calls: unknown) => calls });
    const { memory } = observe();
    Logger.get("a").exception(make());
    expect(last(memory).attributes["exception.stacktrace"]).toMatch(/^\w+: .*\n {4}at .*hostile-errors\.test\.ts/);
  });

  it.each<[string, () => unknown]>([
    ["an error", () => new TypeError("m")],
    ["a text, whose stack is captured at the call", () => "m"],
    ["an error with a cause and members", () => new AggregateError([new Error("n")], "m", { cause: new Error("c") })],
  ])("one that throws: the record of %s arrives without a stack", (_, make) => {
    Object.assign(Error, { prepareStackTrace: thrower });
    const { memory } = observe();
    Logger.get("a").exception(make());
    expect(last(memory)).toMatchObject({ body: "m", attributes: { "exception.message": "m" } });
    expect(last(memory).attributes).not.toHaveProperty(["exception.stacktrace"]);
  });

  it("and says so, once", () => {
    Object.assign(Error, { prepareStackTrace: thrower });
    const { reported } = observe();
    for (let call = 0; call < 3; call++) Logger.get("a").exception(new Error("m"));
    expect(reported("record_malformed")).toMatchObject([
      { attributes: { "dagstack.attribute.path": "exception.stacktrace" } },
    ]);
  });
});

describe("design-2 §7: the same tree of errors from exception() and as an attribute", () => {
  it("fetch failed: the code of the cause is there", () => {
    const { memory } = observe();
    const cause = Object.assign(new Error("x"), { code: "ECONNREFUSED", db_password: "s3cret" });
    Logger.get("a").exception(Object.assign(new TypeError("fetch failed", { cause }), { status: 0 }));
    expect(last(memory).attributes).toMatchObject({
      "dagstack.exception.causes": [{ type: "Error", message: "x", code: "ECONNREFUSED", db_password: "***" }],
      "dagstack.exception.properties": { status: 0 },
    });
  });

  it("a message that is no text becomes text, as body too", () => {
    const { memory } = observe();
    Logger.get("a").exception(Object.assign(new Error(), { message: { reason: "full", x_token: "s3cret" } }));
    const text = '{"reason":"full","x_token":"***"}';
    expect([last(memory).body, last(memory).attributes["exception.message"]]).toStrictEqual([text, text]);
  });

  it("a million members are bounded like any list", () => {
    const { memory } = observe();
    const one = new Error("one");
    Logger.get("a").exception(Object.assign(new AggregateError([], "m"), { errors: new Array(1e6).fill(one) }));
    expect(last(memory).attributes["dagstack.exception.errors"]).toMatchObject({ 0: { message: "one" } });
    expect(JSON.stringify(last(memory).attributes).length).toBeLessThan(270_000);
    expect(last(memory).attributes["dagstack.truncated_bytes"]).toBeGreaterThan(1e6);
  });
});

describe("design §13: names are short wherever they are told", () => {
  it("a logger name of 5 MB", () => {
    const { memory } = observe();
    Logger.get("n".repeat(5e6), "v".repeat(5e6)).info("m");
    const { name, version } = last(memory).instrumentationScope;
    expect([name.length, name.endsWith("…[truncated]"), version?.length]).toStrictEqual([1_024, true, 1_024]);
  });

  it("the name of an error of 5 MB, in a diagnostic", () => {
    const { reported } = observe();
    const bad = Object.defineProperty({}, "x", {
      enumerable: true,
      get: () => {
        throw Object.assign(new Error(), { name: "n".repeat(5e6) });
      },
    });
    Logger.get("n".repeat(5e6)).info("m", { bad });
    const [diagnostic] = reported("record_malformed");
    expect(JSON.stringify(diagnostic?.attributes).length).toBeLessThan(4_000);
  });
});
