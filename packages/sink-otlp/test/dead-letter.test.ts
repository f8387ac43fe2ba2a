import type { LogRecord, Sink } from "@dagstack/logger-core";
import { describe, expect, it } from "vitest";
import { OTLPSink } from "../src/index.ts";
import { answer, manualRig } from "./rig.ts";

/** Keeps what it is given. */
function keeper(): Sink & { readonly letters: LogRecord[] } {
  const letters: LogRecord[] = [];
  return {
    id: "letters",
    letters,
    emit: (record) => void letters.push(record),
    supportsSeverity: () => true,
    flush: async () => ({ success: true, partial: false, failedSinks: [], droppedCount: 0 }),
    close: async () => {},
  };
}

describe("deadLetter (design-2 §4)", () => {
  it.each(["http/protobuf", "http/json"] as const)(
    "%s: what is refused goes there, each record once",
    async (protocol) => {
      const deadLetter = keeper();
      const { emitMany, advance, context, sink } = manualRig(() => answer(400), {
        protocol,
        deadLetter,
        batchSize: 10,
        flushIntervalMs: 0,
      });
      emitMany(25);
      await advance(60_000);
      expect(context.ledger.snapshot()).toMatchObject({ delivered: 0, pending: 0, dropped: { sink_error: 25 } });
      expect(deadLetter.letters.map(({ attributes }) => attributes["dagstack.dead_letter.sink"])).toEqual(
        new Array(25).fill(sink.id),
      );
      expect(new Set(deadLetter.letters.map(({ attributes }) => attributes["dagstack.dead_letter.reason"]))).toEqual(
        new Set(["HTTP 400"]),
      );
    },
  );

  it("is written when the process ends, where it can write synchronously", () => {
    const written: string[] = [];
    const deadLetter = { ...keeper(), flushSync: () => void written.push("letters") };
    new OTLPSink({ deadLetter }).flushSync?.();
    expect(written).toEqual(["letters"]);
    expect(new OTLPSink({ deadLetter: keeper() }).flushSync).toBeUndefined();
  });
});
