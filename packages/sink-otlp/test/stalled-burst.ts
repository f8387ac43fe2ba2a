import { OtlpReceiver } from "@dagstack/otlp-receiver";
import { expect } from "vitest";
import { runProgram } from "./program.ts";

/** What the default queue takes, with its slack: queue bytes + 64 MB (design §8 row 5). */
const MAX_GROWTH_MB = 34 + 64;

/** A burst onto a receiver that hangs: memory bounded, close in time, every record counted. */
export async function expectBoundedBurst(records: number): Promise<void> {
  const receiver = await OtlpReceiver.start();
  receiver.respond({ kind: "hang" });
  const { code, output } = await runProgram("stalled", receiver.url, String(records));
  await receiver.stop();
  expect(code, output).toBe(0);
  const result = JSON.parse(output);
  expect(result.rssMB).toBeLessThan(MAX_GROWTH_MB);
  expect(result.closeMs).toBeLessThan(1_000);
  expect(result).toMatchObject({ accepted: records, delivered: 0, dropped: { closed: result.waiting } });
  expect(result.dropped.buffer_overflow).toBe(records - result.dropped.closed);
}
