import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildAttributes, type Clock, type Redactor, systemClock } from "../../src/index.ts";
import { BoundLayer } from "../../src/wire/index.ts";
import {
  anyDraft,
  draftOf,
  type EncoderRig,
  fast,
  made,
  plain,
  type Reports,
  redactors,
  type TestDraft,
} from "./encoder-rig.ts";
import { costlyValues, hostileValues } from "./hostile-values.ts";

const LONG = process.env.DAGSTACK_LONG === "1";
/** Each is about twenty records, and as many short ones. */
const RUNS = LONG ? 100_000 : 500;
/** Much more than it takes, for machines that are busy. */
const TIMEOUT_MS = LONG ? 10_800_000 : 240_000;
/** After so many lines the attributes of a layer are encoded. */
const LINES_BEFORE = 16;
const [redactor] = redactors;

/** What every encoder must do that takes a draft straight to bytes. */
export function encoderTests(rig: EncoderRig): void {
  describe(rig.name, () => {
    it("design §3: the bytes of any values are those of the record, whatever was encoded before", {
      timeout: TIMEOUT_MS,
    }, () => {
      const encoder = rig.create();
      fc.assert(
        fc.property(anyDraft, (parts) => {
          const { redactor } = parts;
          // The first time without a plan of the keys, then with one.
          for (let round = 0; round < 3; round++) {
            const expectedReports: Reports = [];
            const reports: Reports = [];
            const expected = plain(rig, made(parts), redactor, expectedReports);
            const draft = made(parts);
            expect(fast(rig, encoder, draft, redactor, reports)).toBe(expected);
            const { layers } = draft;
            for (let line = 0; line < LINES_BEFORE; line++) fast(rig, encoder, draftOf({ layers }), redactor);
            for (let again = 0; again < 3; again++) {
              expect(fast(rig, encoder, { ...made(parts), layers }, redactor)).toBe(expected);
            }
            // What is overridden is not looked at where a record is made; the encoder may have read it before it knows.
            expect(reports).toEqual(expect.arrayContaining(expectedReports));
            if (parts.attributes.length < 2) expect(new Set(reports)).toEqual(new Set(expectedReports));
          }
        }),
        { numRuns: RUNS },
      );
    });

    it("§10.1: no secret leaves by either lane, whatever stands around it", {
      timeout: TIMEOUT_MS,
    }, () => {
      const encoder = rig.create();
      fc.assert(
        fc.property(anyDraft, (parts) => {
          const [redactor] = redactors;
          const draft = (): TestDraft => ({ ...made({ ...parts, redactor }), body: "x" });
          expect(fast(rig, encoder, draft(), redactor)).not.toContain("s3cret");
          expect(plain(rig, draft(), redactor)).not.toContain("s3cret");
        }),
        { numRuns: RUNS },
      );
    });

    it.each(redactors.map((redactor, index) => [index, redactor] as const))(
      "§1.4: every kind of value has the form it has in the record, redactor %i",
      { timeout: TIMEOUT_MS },
      (_, redactor) => {
        const encoder = rig.create();
        for (const make of [...hostileValues, ...costlyValues]) {
          for (let round = 0; round < 3; round++) {
            const draft = (): TestDraft =>
              draftOf({ body: make(), attributes: [{ b: 1, value: make(), a: [make()] }] });
            expect(fast(rig, encoder, draft(), redactor)).toBe(plain(rig, draft(), redactor));
          }
        }
      },
    );

    it("§10.1: under a secret key nothing is read, nor a getter anywhere more than once", () => {
      const encoder = rig.create();
      for (let round = 0; round < 4; round++) {
        const reads: string[] = [];
        const read = (name: string): Record<string, unknown> =>
          Object.defineProperties({} as Record<string, unknown>, {
            // Every other time a key that keeps the sequence out of the trie.
            ...(round % 2 === 1 ? { "\ud800": { enumerable: true, value: 1 } } : {}),
            fine: { enumerable: true, get: () => reads.push(`${name}.fine`) },
            api_key: { enumerable: true, get: () => reads.push(`${name}.api_key`) },
          });
        const second = { nested: read("nested"), list: [read("list")], user_token: read("secret") };
        fast(rig, encoder, draftOf({ attributes: [read("top"), second], body: read("body") }), redactor);
        expect(reads.sort()).toEqual(["body.api_key", "body.fine", "list.fine", "nested.fine", "top.fine"]);
      }
    });

    it("D-14: the observed time is read after the values", () => {
      const encoder = rig.create();
      const order: string[] = [];
      const attributes = [Object.defineProperty({}, "a", { enumerable: true, get: () => order.push("value") })];
      const clock: Clock = { ...systemClock, readInto: () => void order.push("clock") };
      encoder.encode(draftOf({ attributes }), clock, redactor, () => {});
      expect(order).toEqual(["value", "clock"]);
    });

    it("layers that were encoded and layers that were not go together", () => {
      const encoder = rig.create();
      const known = new BoundLayer({ b: 1, a: "known", z: null });
      const other = new BoundLayer({ c: 2, d: "x" });
      // Neither has a plan.
      const longKey = new BoundLayer({ ["k".repeat(200)]: 1 });
      const manyKeys = new BoundLayer(Object.fromEntries(Array.from({ length: 130 }, (_, at) => [`k${at}`, at])));
      const large = new BoundLayer({ a: "x".repeat(5_000) });
      for (let round = 0; round < 40; round++) {
        for (const layers of [
          [known],
          [large],
          [longKey],
          [manyKeys],
          [known, new BoundLayer({ b: "new", e: [round] }), other],
          [new BoundLayer({ a: round, f: "new" }), known],
          [new BoundLayer({ q: round }), new BoundLayer({ r: round }), other, new BoundLayer({ c: round })],
        ]) {
          const draft = draftOf({ layers, attributes: [{ a: round, z: undefined, b: () => 1 }] });
          expect(fast(rig, encoder, draft, redactor)).toBe(plain(rig, draft, redactor));
        }
      }
    });

    it("one layer under more sequences of keys than are kept with it, before and after the trie begins anew", () => {
      const encoder = rig.create();
      const layers = [new BoundLayer({ b: 1, m: "x", z: [2] })];
      const random = (key: string): TestDraft => draftOf({ attributes: [{ [key]: 1 }] });
      for (let round = 0; round < 4; round++) {
        for (let count = 0; count < 100; count++) {
          const overriding = count % 2 === 0 ? {} : { b: () => 1 };
          const draft = draftOf({
            layers,
            attributes: [{ a: round, [`k${count}`]: count, z: undefined, ...overriding }],
          });
          for (let line = 0; line < 3; line++) {
            expect(fast(rig, encoder, draft, redactor)).toBe(plain(rig, draft, redactor));
          }
        }
        for (let count = 0; count < 9_000; count++) fast(rig, encoder, random(`r${round}.${count}`), redactor);
      }
    });

    it("keys that never come again, many short-lived layers and changing redaction leave no trace", () => {
      const encoder = rig.create();
      for (let count = 0; count < 12_000; count++) {
        const redactor = redactors[count % 3] as Redactor;
        const layers = [
          new BoundLayer(buildAttributes([{ "request.id": count, [`k${count}`]: "s", user_pin: 1 }], redactor)),
        ];
        const random = { [`r${count}`]: count, [`s${count * 7}_key`]: 1 };
        fast(rig, encoder, draftOf({ attributes: [random], layers }), redactor);
        if (count % 50 !== 0) continue;
        const draft = draftOf({ attributes: [{ b: 1, user_pin: 2, a: random, api_key: 3 }], layers });
        expect(fast(rig, encoder, draft, redactor)).toBe(plain(rig, draft, redactor));
      }
    });

    it("the memory that one huge record took is given back", () => {
      const encoder = rig.create();
      const huge = draftOf({ body: "x".repeat(3_000_000), attributes: [{ a: "é".repeat(1_000_000) }] });
      expect(fast(rig, encoder, huge, redactor)).toBe(plain(rig, huge, redactor));
      const bytes = encoder.encode(draftOf(), systemClock, redactor, () => {}) as Uint8Array;
      expect(bytes.buffer.byteLength).toBeLessThan(300_000);
      encoder.release();
    });

    it("a sink that takes the memory of a record away does not harm the next", () => {
      const encoder = rig.create();
      const { buffer } = encoder.encode(draftOf(), systemClock, redactor, () => {}) as Uint8Array;
      structuredClone(buffer, { transfer: [buffer as ArrayBuffer] });
      encoder.release();
      expect(fast(rig, encoder, draftOf(), redactor)).toBe(plain(rig, draftOf(), redactor));
    });

    it("§1.4: members that a polluted Object.prototype lends to every object are not theirs", () => {
      const encoder = rig.create();
      const draft = (): TestDraft => draftOf({ attributes: [{ a: { b: 1 } }], body: { c: 2 } });
      for (let round = 0; round < 3; round++) fast(rig, encoder, draft(), redactor);
      const expected = plain(rig, draft(), redactor);
      Object.defineProperty(Object.prototype, "polluted", {
        value: "s3cret",
        enumerable: true,
        configurable: true,
        writable: true,
      });
      let bytes: string;
      try {
        bytes = fast(rig, encoder, draft(), redactor);
      } finally {
        delete (Object.prototype as { polluted?: unknown }).polluted;
      }
      expect(bytes).toBe(expected);
    });

    it("is busy from a record to its release", () => {
      const encoder = rig.create();
      expect(encoder.isBusy).toBe(false);
      encoder.encode(draftOf(), systemClock, redactor, () => {});
      expect(encoder.isBusy).toBe(true);
      encoder.release();
      expect(encoder.isBusy).toBe(false);
    });
  });
}
