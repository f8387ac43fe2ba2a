import { afterEach, describe, expect, it } from "vitest";
import { Logger } from "../src/index.ts";
import { last, observe } from "./observed-logging.ts";

afterEach(() => Logger.reset());

/** The record that `exception` makes of a thrown value. */
function recordOf(error: unknown, attributes?: object, options?: { body?: unknown; severityNumber?: number }) {
  const { memory } = observe();
  Logger.get("a").exception(error, attributes, options);
  expect(memory.size).toBe(1);
  return last(memory);
}

interface Cause {
  readonly type: string;
  readonly message: string;
  readonly stacktrace?: string;
}

const causesOf = (error: unknown): readonly Cause[] =>
  (recordOf(error).attributes["dagstack.exception.causes"] ?? []) as unknown as readonly Cause[];

class PaymentError extends Error {}
class NamedError extends Error {
  override name = "Named";
}

describe("§3.2: exception()", () => {
  it("emits at ERROR with type, message, stack; the message is the body", () => {
    const error = new TypeError("boom");
    const record = recordOf(error);
    expect([record.severityNumber, record.severityText, record.body]).toStrictEqual([17, "ERROR", "boom"]);
    expect(record.attributes).toStrictEqual({
      "exception.type": "TypeError",
      "exception.message": "boom",
      "exception.stacktrace": error.stack,
    });
  });

  it("takes null as a body of its own", () => {
    expect(recordOf(new Error("m"), {}, { body: null }).body).toBeNull();
  });

  it.each([
    ["a built-in", new RangeError("m"), "RangeError"],
    ["a subclass that sets no name", new PaymentError("m"), "PaymentError"],
    ["a subclass that sets a name", new NamedError("m"), "Named"],
    ["a name set on the instance", Object.assign(new Error("m"), { name: "Own" }), "Own"],
    ["an empty name", Object.assign(new PaymentError("m"), { name: "" }), "PaymentError"],
    ["a DOMException", new DOMException("m", "AbortError"), "AbortError"],
    ["a plain Error", new Error("m"), "Error"],
  ])("type of %s (D-20)", (_, error, type) => {
    expect(recordOf(error).attributes["exception.type"]).toBe(type);
  });

  it.each([
    ["null", null, "null", "null"],
    ["undefined", undefined, "undefined", "undefined"],
    ["a string", "oops", "string", "oops"],
    ["an empty string", "", "string", ""],
    ["a number", 42, "number", "42"],
    ["NaN", Number.NaN, "number", "NaN"],
    ["a bigint", 2n ** 70n, "bigint", "1180591620717411303424"],
    ["a boolean", false, "boolean", "false"],
    ["a symbol", Symbol("s"), "symbol", "Symbol(s)"],
    ["a function", () => 1, "Function", "function"],
    ["a null-prototype object", Object.create(null), "object", "{}"],
    ["a plain object", { b: 1, a: [2] }, "Object", '{"a":[2],"b":1}'],
    ["an object with a message", { message: "m", code: 1 }, "Object", "m"],
    ["a class instance", new Map([["k", 1]]), "Map", '{"k":1}'],
    ["a Date", new Date(0), "Date", "1970-01-01T00:00:00.000Z"],
  ])("%s thrown: type, message and a stack captured at the call", (_, thrown, type, message) => {
    const { attributes, body } = recordOf(thrown);
    expect([attributes["exception.type"], attributes["exception.message"], body]).toStrictEqual([
      type,
      message,
      message,
    ]);
    expect(attributes["exception.stacktrace"]).toMatch(/^Error: logged here\n\s+at recordOf .*exception\.test\.ts/);
  });

  it("secrets in a thrown object are masked and not read (§10.1)", () => {
    let reads = 0;
    const thrown = {
      get api_key() {
        return `s${++reads}`;
      },
      k: 1,
    };
    expect([recordOf(thrown).body, reads]).toStrictEqual(['{"api_key":"***","k":1}', 0]);
  });

  it("a frozen error and one without a stack", () => {
    const error = new Error("m");
    delete error.stack;
    const { attributes } = recordOf(Object.freeze(error));
    expect(attributes["exception.message"]).toBe("m");
    expect(attributes["exception.stacktrace"]).toContain("exception.test.ts");
  });

  it.each(["name", "message", "stack", "cause", "errors", "constructor"])(
    "a getter of %s that throws loses no more than itself",
    (key) => {
      const error = new PaymentError("m", { cause: new Error("c") });
      Object.defineProperty(error, key, {
        get: () => {
          throw new Error("no");
        },
      });
      const { attributes } = recordOf(error);
      expect(attributes["exception.message"]).toBe(key === "message" ? "[Unreadable]" : "m");
      expect(attributes["exception.stacktrace"]).toMatch(/\n\s+at /);
      expect(typeof attributes["exception.type"]).toBe("string");
    },
  );

  it("options whose getters throw are as good as none (§3.6)", () => {
    const options = {
      get body(): never {
        throw new Error("no");
      },
      get severityNumber(): never {
        throw new Error("no");
      },
    };
    expect(recordOf(new Error("m"), {}, options)).toMatchObject({ body: "m", severityNumber: 17 });
  });

  it("options.body replaces the message as body only", () => {
    const { body, attributes } = recordOf(new Error("m"), {}, { body: { text: "payment failed" } });
    expect([body, attributes["exception.message"]]).toStrictEqual([{ text: "payment failed" }, "m"]);
  });

  it.each([[""], [0], [false]])("options.body may be %j", (body) => {
    expect(recordOf(new Error("m"), {}, { body }).body).toBe(body);
  });

  it("options.severityNumber replaces ERROR and obeys the level", () => {
    expect(recordOf(new Error("m"), {}, { severityNumber: 13 }).severityNumber).toBe(13);
    const { memory } = observe();
    Logger.get("a").exception(new Error("m"), {}, { severityNumber: 5 });
    expect(memory.size).toBe(0);
  });

  it("a bad severityNumber is clamped and reported like log()'s (D-21)", () => {
    const { memory, reported } = observe();
    Logger.get("a").exception(new Error("m"), {}, { severityNumber: 99 });
    expect(last(memory).severityNumber).toBe(24);
    expect(reported("record_malformed")).toHaveLength(1);
  });

  it("call attributes stand beside exception.*, and the helper wins (D-23)", () => {
    const { attributes } = recordOf(new Error("m"), {
      "order.id": 1,
      "exception.type": "Mine",
      "exception.message": "mine",
    });
    expect(attributes).toMatchObject({ "order.id": 1, "exception.type": "Error", "exception.message": "m" });
  });

  it("the helper wins over bound attributes too", () => {
    const { memory } = observe();
    Logger.get("a").with({ "exception.type": "bound", k: 1 }).exception(new Error("m"));
    expect(last(memory).attributes).toMatchObject({ "exception.type": "Error", k: 1 });
  });

  it.each([[true], [false]])("exception.escaped stands when the caller passes %j", (escaped) => {
    expect(recordOf(new Error("m"), { "exception.escaped": escaped }).attributes["exception.escaped"]).toBe(escaped);
  });
});

describe("§3.2: causes", () => {
  it("the chain, outermost first, each with type, message and stack", () => {
    const inner = new RangeError("inner");
    const middle = new PaymentError("middle", { cause: inner });
    expect(causesOf(new Error("outer", { cause: middle }))).toStrictEqual([
      { type: "PaymentError", message: "middle", stacktrace: middle.stack },
      { type: "RangeError", message: "inner", stacktrace: inner.stack },
    ]);
  });

  it("none, null and undefined causes leave the attribute out", () => {
    for (const error of [new Error("m"), new Error("m", { cause: null }), new Error("m", { cause: undefined })]) {
      expect(recordOf(error).attributes).not.toHaveProperty(["dagstack.exception.causes"]);
    }
  });

  it("a cause that is no error", () => {
    expect(causesOf(new Error("m", { cause: "text" }))).toStrictEqual([{ type: "string", message: "text" }]);
    expect(causesOf(new Error("m", { cause: { db_password: "s", code: 7 } }))).toStrictEqual([
      { type: "Object", message: '{"code":7,"db_password":"***"}' },
    ]);
  });

  it("at most 8", () => {
    let error = new Error("0");
    for (let depth = 1; depth <= 20; depth++) error = new Error(String(depth), { cause: error });
    expect(causesOf(error).map((cause) => cause.message)).toStrictEqual([
      "19",
      "18",
      "17",
      "16",
      "15",
      "14",
      "13",
      "12",
    ]);
  });

  it("cycles are cut: an error that is its own cause, and a longer loop", () => {
    const own = new Error("own");
    own.cause = own;
    expect(causesOf(own)).toHaveLength(0);
    const one = new Error("one");
    const two = new Error("two", { cause: one });
    one.cause = two;
    expect(causesOf(one).map((cause) => cause.message)).toStrictEqual(["two"]);
  });
});

describe("§3.2: AggregateError", () => {
  it("its errors, each with type, message and stack; its own cause too", () => {
    const error = new AggregateError([new TypeError("one"), "two", null], "all failed", { cause: new Error("why") });
    const { attributes, body } = recordOf(error);
    expect(body).toBe("all failed");
    expect(attributes["exception.type"]).toBe("AggregateError");
    expect(attributes["dagstack.exception.errors"]).toMatchObject([
      { type: "TypeError", message: "one" },
      { type: "string", message: "two" },
      { type: "null", message: "null" },
    ]);
    expect(attributes["dagstack.exception.causes"]).toMatchObject([{ message: "why" }]);
  });

  it("an empty list leaves the attribute out", () => {
    expect(recordOf(new AggregateError([], "m")).attributes).not.toHaveProperty(["dagstack.exception.errors"]);
  });

  it("a thrown object that is no error keeps its errors in the message only", () => {
    const { attributes } = recordOf({ errors: ["x"] });
    expect(attributes["exception.message"]).toBe('{"errors":["x"]}');
    expect(attributes).not.toHaveProperty(["dagstack.exception.errors"]);
  });

  it("errors that are no list, or a list that throws, are left out", () => {
    const { proxy, revoke } = Proxy.revocable([], {});
    revoke();
    const throwing = new Proxy([1], {
      get: () => {
        throw new Error("no");
      },
    });
    for (const errors of ["text", { length: 1 }, proxy, throwing]) {
      const { attributes } = recordOf(Object.assign(new Error("m"), { errors }));
      expect(attributes["exception.message"]).toBe("m");
      expect(attributes).not.toHaveProperty(["dagstack.exception.errors"]);
    }
  });

  it("one that holds itself does not loop", () => {
    const errors: unknown[] = [];
    const error = new AggregateError([], "m");
    error.errors = errors as Error[];
    errors.push(error);
    expect(recordOf(error).attributes["dagstack.exception.errors"]).toMatchObject([{ message: "m" }]);
  });
});

describe("Error.prepareStackTrace belongs to others", () => {
  const { prepareStackTrace } = Error as { prepareStackTrace?: unknown };
  afterEach(() => {
    Object.assign(Error, { prepareStackTrace });
  });

  it.each([
    ["answers call sites", (_: unknown, calls: unknown) => calls],
    ["answers nothing", () => undefined],
    [
      "throws",
      () => {
        throw new Error("no stack for you");
      },
    ],
  ])("one that %s: exception() does not throw, the record arrives and its stack is text", (_, prepare) => {
    const { memory } = observe();
    Object.assign(Error, { prepareStackTrace: prepare });
    Logger.get("a").exception(new Error("1"));
    Logger.get("a").exception("2");
    expect(memory.records().map(({ body }) => body)).toEqual(["1", "2"]);
    for (const { attributes } of memory.records()) {
      expect(["string", "undefined"]).toContain(typeof attributes["exception.stacktrace"]);
    }
  });
});
