import { describe, expect, it } from "vitest";
import { MAX_TIMER_MS } from "../../../src/accounting/index.ts";
import { DeliveryError, describeThrown, readOutcome, readThrown } from "../../../src/delivery/outcome/index.ts";

const hostile = new Proxy(
  {},
  {
    get() {
      throw new Error("secret");
    },
  },
);
const revoked = Proxy.revocable({}, {});
revoked.revoke();

describe("readOutcome", () => {
  it.each([undefined, { status: "delivered" }])("reads %o as delivered", (outcome) => {
    expect(readOutcome(outcome, 7)).toEqual({ status: "settled", lost: 0 });
  });

  it.each([
    ["as it is", 3, 3],
    ["0 for nothing", 0, 0],
    ["clamped to the batch", 9, 7],
    ["clamped, infinite too", Number.POSITIVE_INFINITY, 7],
    ["rounded up", 2.1, 3],
    ["NaN as all of the batch", Number.NaN, 7],
    ["negative as all of the batch", -1, 7],
    ["text as all of the batch", "2", 7],
    ["missing as all of the batch", undefined, 7],
  ])("takes a rejected count %s", (_, count, lost) => {
    expect(readOutcome({ status: "rejected", count }, 7)).toMatchObject({ status: "settled", lost });
  });

  it("passes the author's reason on, shortened", () => {
    expect(readOutcome({ status: "rejected", count: 1, reason: "HTTP 400" }, 7)).toMatchObject({
      failure: { type: "delivery_rejected", text: "HTTP 400" },
    });
    expect(readOutcome({ status: "retry", reason: "x".repeat(999) }, 7)).toMatchObject({
      failure: { type: "delivery_retry", text: `${"x".repeat(200)}…` },
    });
  });

  it.each([7, "delivered", null, true, {}, { status: 503 }, { status: "ok" }, [], () => 0, hostile])(
    "counts a batch as lost, and says why, when the outcome cannot be understood (case %#)",
    (outcome) => {
      const verdict = readOutcome(outcome, 7);
      expect(verdict).toMatchObject({ status: "settled", lost: 7, failure: { type: "delivery_outcome" } });
      expect(JSON.stringify(verdict)).toContain("deliver must resolve");
    },
  );

  it.each([
    [60_000, 60_000],
    [0.5, 0.5],
    [1e300, MAX_TIMER_MS],
    [Number.POSITIVE_INFINITY, MAX_TIMER_MS],
    [0, undefined],
    [-5, undefined],
    [Number.NaN, undefined],
    ["60", undefined],
    [undefined, undefined],
  ])("reads afterMs %s as %s: nonsense means plain back-off, and no timer overflows", (afterMs, read) => {
    expect(readOutcome({ status: "retry", afterMs }, 7)).toMatchObject({ status: "retry", afterMs: read });
    expect(readThrown({ afterMs }, 7)).toMatchObject({ status: "retry", afterMs: read });
  });

  it("survives a revoked proxy, resolved or thrown", () => {
    expect(readOutcome(revoked.proxy, 7)).toMatchObject({ status: "settled", lost: 7 });
    expect(readThrown(revoked.proxy, 7)).toMatchObject({ status: "retry" });
  });

  it("reads split", () => {
    expect(readOutcome({ status: "split" }, 7)).toEqual({ status: "split" });
  });
});

describe("readThrown", () => {
  it.each([new Error("x"), "text", 7, null, undefined, {}, hostile, new DeliveryError("HTTP 503")])(
    "tries again after anything but a final DeliveryError (case %#)",
    (error) => {
      expect(readThrown(error, 7).status).toBe("retry");
    },
  );

  it("loses the batch for a DeliveryError that is not retryable, of another copy of this package too", () => {
    const final = { status: "settled", lost: 7, failure: { type: "DeliveryError", text: "HTTP 400" } };
    expect(readThrown(new DeliveryError("HTTP 400", { retryable: false }), 7)).toEqual(final);
    expect(readThrown({ name: "DeliveryError", message: "HTTP 400", retryable: false }, 7)).toEqual(final);
  });

  it("takes the wait from a DeliveryError", () => {
    expect(readThrown(new DeliveryError("HTTP 429", { afterMs: 500 }), 7)).toMatchObject({ afterMs: 500 });
  });

  it("passes on type and code of other errors, never their message, which may hold a record (D-68)", () => {
    const refused = Object.assign(new Error("connect 10.0.0.1 secret"), { code: "ECONNREFUSED" });
    expect(describeThrown(refused, "deliver")).toEqual({
      type: "ECONNREFUSED",
      text: "deliver threw Error (ECONNREFUSED)",
    });
    expect(describeThrown(new TypeError("fetch failed: secret", { cause: refused }), "deliver")).toEqual({
      type: "ECONNREFUSED",
      text: "deliver threw TypeError (ECONNREFUSED)",
    });
    expect(describeThrown(new SyntaxError("secret"), "deliver")).toEqual({
      type: "SyntaxError",
      text: "deliver threw SyntaxError",
    });
    expect(describeThrown(Object.assign(new Error(), { name: "a secret value", code: "and another" }), "x")).toEqual({
      type: "Error",
      text: "x threw Error",
    });
    expect(describeThrown("secret", "x")).toEqual({ type: "string", text: "x threw string" });
  });
});

describe("DeliveryError", () => {
  it("is retryable unless it says otherwise, and keeps its cause", () => {
    const cause = new Error("x");
    const error = new DeliveryError("HTTP 503", { cause });
    expect(error).toMatchObject({ name: "DeliveryError", retryable: true, afterMs: undefined, cause });
    expect("cause" in new DeliveryError("HTTP 503")).toBe(false);
  });
});
