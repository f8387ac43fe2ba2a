import { describe, expect, it } from "vitest";
import { readOutcome } from "../../../src/delivery/outcome/index.ts";

const throwing = new Proxy(
  {},
  {
    get() {
      throw new Error("secret");
    },
  },
);
const revokedList = Proxy.revocable([], {});
revokedList.revoke();
const SIZE = 4;

function read(retry: unknown, rejected: unknown, more: object = {}) {
  return readOutcome({ status: "mixed", retry, rejected, ...more }, SIZE);
}

describe("readOutcome: mixed", () => {
  it("tries exactly the named records again, in order, and loses exactly the named ones, with their reasons", () => {
    const rejected = [
      { index: 3, reason: "too old" },
      { index: 0, reason: "mapping" },
    ];
    expect(read([2, 1], rejected, { afterMs: 500, reason: "HTTP 429" })).toEqual({
      status: "retry",
      afterMs: 500,
      failure: { type: "delivery_retry", text: "HTTP 429" },
      part: {
        indexes: [1, 2],
        others: {
          lost: 2,
          which: [
            { index: 0, text: "mapping" },
            { index: 3, text: "too old" },
          ],
          failure: { type: "delivery_rejected", text: "mapping (1), too old (1)" },
        },
      },
    });
  });

  it("settles the batch when nothing is to be tried again; naming nobody is a delivery", () => {
    expect(read([], [{ index: 1 }], { afterMs: 500 })).toMatchObject({
      status: "settled",
      lost: 1,
      which: [{ index: 1, text: "rejected by the receiver" }],
    });
    expect(read([], [])).toEqual({ status: "settled", lost: 0 });
  });

  it.each([
    ["out of range", [4]],
    ["negative", [-1]],
    ["a fraction", [0.5]],
    ["NaN", [Number.NaN]],
    ["text", ["1"]],
    ["a hole", new Array(1)],
    ["a hostile value", [throwing]],
  ])("a place that is %s costs one record, which is told, in either list", (_, list) => {
    const complaint = { type: "delivery_outcome", text: expect.stringContaining("not in the batch: 1") };
    const failure = { type: "delivery_rejected", text: "which record is not known" };
    expect(read(list, [])).toMatchObject({ status: "settled", lost: 1, which: [], failure, complaint });
    const entries = list.map((index) => ({ index }));
    expect(read([], entries)).toMatchObject({ status: "settled", lost: 1, which: [], failure, complaint });
    expect(read([0], entries)).toMatchObject({ part: { indexes: [0], others: { lost: 1, which: [] } }, complaint });
  });

  it("places that are nonsense never cost more than the records that are not named otherwise", () => {
    expect(read([0, 9, 9, 9, 9, 9], [{ index: 1 }])).toMatchObject({ part: { indexes: [0], others: { lost: 3 } } });
    expect(read([0, 1, 2, 3, 9], [])).toMatchObject({ part: { indexes: [0, 1, 2, 3], others: { lost: 0 } } });
  });

  it("a record named twice counts once, is tried again if that is one of the two, and is told", () => {
    const complaint = { type: "delivery_outcome", text: expect.stringContaining("twice: 1") };
    expect(read([1, 1], [])).toMatchObject({ part: { indexes: [1], others: { lost: 0 } }, complaint });
    expect(read([], [{ index: 1 }, { index: 1 }])).toMatchObject({ status: "settled", lost: 1, complaint });
    expect(read([1], [{ index: 1 }])).toMatchObject({ part: { indexes: [1], others: { lost: 0 } }, complaint });
  });

  it.each([
    ["missing", undefined],
    ["no list", { 0: 1, length: 1 }],
    ["a revoked proxy", revokedList.proxy],
    ["longer than any list of this batch", new Array(50_000_000)],
    ["of a length that lies", new Proxy([], { get: (_, name) => (name === "length" ? Number.NaN : 0) })],
    [
      "a proxy that throws",
      new Proxy([], {
        get() {
          throw new Error("secret");
        },
      }),
    ],
  ])("a list that is %s loses the batch, which is told", (_, list) => {
    const lost = { status: "settled", lost: SIZE, failure: { type: "delivery_outcome" } };
    expect(read(list, [])).toMatchObject(lost);
    expect(read([], list)).toMatchObject(lost);
  });

  it("an entry that throws when it is read costs a record, not the worker", () => {
    const entries = [throwing, { index: 1, reason: throwing }];
    expect(read([], entries)).toMatchObject({ lost: 2, which: [{ index: 1, text: "rejected by the receiver" }] });
  });

  it("keeps diagnostics short, however many and long the reasons are", () => {
    const rejected = [0, 1, 2, 3].map((index) => ({ index, reason: `${index}${"x".repeat(5_000_000)}` }));
    const verdict = read([], rejected);
    expect(JSON.stringify(verdict).length).toBeLessThan(1500);
    const short = [0, 1, 2, 3].map((index) => ({ index, reason: `r${index}` }));
    expect(read([], short)).toMatchObject({ failure: { text: "r0 (1), r1 (1), r2 (1) and 1 more reasons" } });
  });
});
