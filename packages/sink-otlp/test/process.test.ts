import { OtlpReceiver } from "@dagstack/otlp-receiver";
import { describe, expect, it } from "vitest";
import { isBuilt, runProgram } from "./program.ts";
import { expectBoundedBurst } from "./stalled-burst.ts";

describe.skipIf(!isBuilt)("the process around it, built (design §8)", () => {
  it("a request under way does not keep the process alive (row 15)", async () => {
    const receiver = await OtlpReceiver.start();
    receiver.respond({ kind: "hang" });
    const { code, output, ms } = await runProgram("natural-end", receiver.url);
    await receiver.stop();
    expect({ code, output }).toEqual({ code: 0, output: "ends\n" });
    expect(ms).toBeLessThan(3_000);
    expect(receiver.requests()).toHaveLength(1);
  }, 15_000);

  it("an awaited flush without a time limit does (D-52)", async () => {
    const receiver = await OtlpReceiver.start();
    receiver.respond([
      { kind: "status", status: 503 },
      { kind: "slow", delayMs: 300 },
    ]);
    const { code, output } = await runProgram("awaited-flush", receiver.url);
    await receiver.stop();
    expect({ code, output }).toEqual({ code: 0, output: "success: true\n" });
  }, 15_000);

  it("200 000 records onto a receiver that hangs: memory bounded, close in time, the count exact (row 5)", async () => {
    await expectBoundedBurst(200_000);
  }, 30_000);
});
