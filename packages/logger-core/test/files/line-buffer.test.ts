import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LineBuffer } from "../../src/files/line-buffer.ts";

const encode = (text: string) => new TextEncoder().encode(text);

function add(buffer: LineBuffer, text: string): void {
  if (!buffer.append(encode(text))) buffer.appendChunk(encode(text));
}

/** Takes up to `bytes` of what may be written within `room`. */
function take(buffer: LineBuffer, bytes: number, room = Number.POSITIVE_INFINITY): { text: string; completed: number } {
  const length = Math.min(bytes, buffer.runWithin(room));
  const taken = buffer.headBytes.slice(buffer.headOffset, buffer.headOffset + length);
  return { text: new TextDecoder().decode(taken), completed: buffer.advance(length) };
}

describe("LineBuffer", () => {
  test("each line is followed by LF (D-09)", () => {
    const buffer = new LineBuffer(64);
    add(buffer, "a");
    add(buffer, "");
    expect(take(buffer, 100)).toEqual({ text: "a\n\n", completed: 2 });
  });

  test("the caller's bytes are copied", () => {
    const buffer = new LineBuffer(64);
    const line = encode("abc");
    buffer.append(line);
    line.fill(120);
    expect(take(buffer, 100).text).toBe("abc\n");
  });

  test("a run ends at a line's end within the room, and holds one line at least", () => {
    const buffer = new LineBuffer(64);
    for (const text of ["aa", "bb", "cc"]) add(buffer, text);
    expect(buffer.runWithin(9)).toBe(9);
    expect(buffer.runWithin(8)).toBe(6);
    expect(buffer.runWithin(6)).toBe(6);
    expect(buffer.runWithin(5)).toBe(3);
    expect(buffer.runWithin(0)).toBe(3);
    take(buffer, 1);
    expect(buffer.runWithin(4)).toBe(2);
    expect(buffer.runWithin(5)).toBe(5);
  });

  test("an emptied chunk is used again", () => {
    const buffer = new LineBuffer(8);
    const first = buffer.headBytes;
    for (let i = 0; i < 10; i++) {
      expect(buffer.append(encode("abcdefg"))).toBe(true);
      take(buffer, 8);
    }
    expect(buffer.headBytes).toBe(first);
  });

  test("the begun line is never dropped", () => {
    const buffer = new LineBuffer(64);
    for (const text of ["aa", "bb", "cc"]) add(buffer, text);
    take(buffer, 1);
    expect(buffer.dropOldest()).toBe(true);
    expect(buffer.dropOldest()).toBe(true);
    expect(buffer.dropOldest()).toBe(false);
    add(buffer, "dd");
    expect(take(buffer, 100).text).toBe("a\n");
    expect(take(buffer, 100).text).toBe("dd\n");
  });

  test("waitingBefore counts a begun line that the ones behind it left alone", () => {
    const buffer = new LineBuffer(64);
    for (const text of ["aa", "bb", "cc"]) add(buffer, text);
    take(buffer, 1);
    buffer.dropOldest();
    buffer.dropOldest();
    add(buffer, "dd");
    expect(buffer.waitingBefore(3)).toBe(1);
    expect(buffer.waitingBefore(4)).toBe(2);
    take(buffer, 100);
    expect(buffer.waitingBefore(3)).toBe(0);
    expect(buffer.deliveredEnd).toBe(1);
  });

  test("any sequence of operations agrees with a list of lines (seeded)", () => {
    const operation = fc.oneof(
      { weight: 5, arbitrary: fc.record({ op: fc.constant("add" as const), size: fc.integer({ min: 0, max: 20 }) }) },
      {
        weight: 4,
        arbitrary: fc.record({
          op: fc.constant("take" as const),
          size: fc.integer({ min: 1, max: 30 }),
          room: fc.integer({ min: 0, max: 30 }),
        }),
      },
      { weight: 2, arbitrary: fc.record({ op: fc.constant("drop" as const) }) },
      { weight: 1, arbitrary: fc.record({ op: fc.constant("restart" as const) }) },
      { weight: 1, arbitrary: fc.record({ op: fc.constant("clear" as const) }) },
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 120 }), fc.integer({ min: 1, max: 16 }), (operations, capacity) => {
        const buffer = new LineBuffer(capacity);
        let model: { seq: number; text: string }[] = [];
        let begun = 0;
        let appended = 0;
        let deliveredEnd = 0;
        for (const step of operations) {
          if (step.op === "add") {
            const text = String.fromCharCode(97 + (appended % 26)).repeat(step.size);
            add(buffer, text);
            model.push({ seq: appended++, text: `${text}\n` });
          } else if (step.op === "take" && model.length > 0) {
            const { text, completed } = take(buffer, step.size, step.room);
            const expected = model.map((line) => line.text).join("");
            expect(expected.slice(begun, begun + text.length)).toBe(text);
            begun += text.length;
            let done = 0;
            for (let first = model[0]; first !== undefined && begun >= first.text.length; first = model[0]) {
              begun -= first.text.length;
              deliveredEnd = first.seq + 1;
              model.shift();
              done++;
            }
            expect(completed).toBe(done);
          } else if (step.op === "drop") {
            const index = begun > 0 ? 1 : 0;
            expect(buffer.dropOldest()).toBe(index < model.length);
            model.splice(index, 1);
          } else if (step.op === "restart" && model.length > 0) {
            buffer.restartLine();
            begun = 0;
          } else if (step.op === "clear") {
            expect(buffer.clear()).toBe(model.length);
            model = [];
            begun = 0;
          }
          expect(buffer.pendingLines).toBe(model.length);
          expect(buffer.pendingBytes).toBe(model.reduce((sum, line) => sum + line.text.length, 0) - begun);
          expect(buffer.begunBytes).toBe(begun);
          expect(buffer.appended).toBe(appended);
          expect(buffer.deliveredEnd).toBe(deliveredEnd);
          const target = Math.floor(appended / 2);
          expect(buffer.waitingBefore(target)).toBe(model.filter((line) => line.seq < target).length);
          expect(buffer.waitingBefore(appended)).toBe(model.length);
          if (model.length > 0) expect(buffer.nextLineBytes).toBe((model[0]?.text.length ?? 0) - begun);
        }
      }),
      { seed: 7, numRuns: 1_000 },
    );
  });
});

describe("a full LineBuffer (issue 11, M)", () => {
  /** Bytes of the buffers that are made while `run` runs. */
  function allocatedBy(run: () => void): number {
    let allocated = 0;
    const Original = globalThis.Uint8Array;
    globalThis.Uint8Array = new Proxy(Original, {
      construct(target, args: unknown[], made) {
        if (typeof args[0] === "number") allocated += args[0];
        return Reflect.construct(target, args, made) as object;
      },
    });
    try {
      run();
    } finally {
      globalThis.Uint8Array = Original;
    }
    return allocated;
  }

  test.each([
    ["nothing of the oldest line is written", 0],
    ["the oldest line is begun", 3],
  ])("goes on dropping the oldest without making new chunks all the time, when %s", (_, begun) => {
    const buffer = new LineBuffer(1_024);
    const line = encode("x".repeat(99));
    for (let i = 0; i < 100; i++) if (!buffer.append(line)) buffer.appendChunk(line);
    buffer.advance(begun);
    const full = buffer.pendingBytes;
    const allocated = allocatedBy(() => {
      for (let i = 0; i < 10_000; i++) {
        while (buffer.pendingBytes + 100 > full) buffer.dropOldest();
        if (!buffer.append(line)) buffer.appendChunk(line);
      }
    });
    expect(allocated).toBeLessThan(10 * 1_024);
  });
});
