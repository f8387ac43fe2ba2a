import { describe, expect, test } from "vitest";
import { FakeFileSystem } from "./fake-file-system.ts";
import { processes, setUp } from "./set-up.ts";

const HEALED = "sink_recovered: the file ended in the middle of a line, which got its line end";

function containing(text: string): FakeFileSystem {
  const fs = new FakeFileSystem();
  fs.put("/logs/f", text);
  return fs;
}

describe("a torn last line is healed at the next start (design §8.2)", () => {
  test.each([{}, { rotation: { size: 100, keep: 1 } }])(
    "at open, before anything is written, with a diagnostic (%j)",
    (options) => {
      const { text, reasons } = setUp(options, {}, containing("whole\ntor"));
      expect([text(), reasons()]).toEqual(["whole\ntor\n", [HEALED]]);
    },
  );

  test.each(["", "whole\n"])("a file that holds %j is left as it is", (content) => {
    const { text, emit, reasons } = setUp({ sync: true }, {}, containing(content));
    emit("a");
    expect([text(), reasons()]).toEqual([`${content}a\n`, []]);
  });

  test.each([
    ["only a byte order mark, which would spoil the first record", "\uFEFF", "\na\n"],
    ["a line end of an old Macintosh", "whole\r", "whole\r\na\n"],
    ["a line end of Windows", "\uFEFFwhole\r\n", "whole\r\na\n"],
  ])("in a file that holds %s, the record has a line of its own (issue 11, O)", (_, content, wanted) => {
    const { text, emit } = setUp({ sync: true }, {}, containing(content));
    emit("a");
    expect(text()).toBe(wanted); // which leaves the mark out
  });

  test("at open though the dead process still has the lock", () => {
    const fs = containing("tor");
    fs.locks.set("/logs/f.lock", "dead-1");
    setUp({ rotation: { size: 100, keep: 1 } }, { processes: processes("me", "dead") }, fs);
    expect(fs.text("/logs/f")).toBe("tor\n");
  });

  test("by the first write when the disk was full at open", () => {
    const fs = containing("tor");
    fs.fail("ENOSPC", "write");
    const { emit, text, reasons, context } = setUp({ sync: true }, {}, fs);
    emit("a");
    fs.heal();
    emit("b");
    expect([text(), reasons(), context.ledger.pending]).toEqual(["tor\na\nb\n", [HEALED], 0]);
  });

  test("a file that may not be read is written to nevertheless", () => {
    const fs = containing("tor");
    fs.fail("EACCES", "readEnd");
    const { emit, text, context } = setUp({ sync: true }, {}, fs);
    emit("a");
    expect([text(), context.errors]).toEqual(["tora\n", []]);
  });

  test("the added byte counts for rotation", () => {
    const { emit, text } = setUp({ sync: true, rotation: { size: 6, keep: 1 } }, {}, containing("tor"));
    emit("b");
    expect(text()).toBe("tor\nb\n");
    emit("c");
    expect([text("/logs/f.1"), text()]).toEqual(["tor\nb\n", "c\n"]);
  });

  test("after a short write and ENOSPC the line is finished, not healed", async () => {
    const { fs, emit, clock, text, reasons } = setUp();
    let writes = 0;
    fs.fault = (operation) => (operation === "write" ? (writes++ === 0 ? 3 : "ENOSPC") : undefined);
    emit("hello", "world");
    await clock.advance(0);
    fs.heal();
    await clock.advance(600); // the path is looked at meanwhile
    expect([text(), reasons()]).toEqual(["hello\nworld\n", []]);
  });

  test("in a rotated file a line that could not be finished is taken back, since others may write behind it", async () => {
    const { fs, emit, clock, text } = setUp({ rotation: { size: 100, keep: 1 } });
    let writes = 0;
    fs.fault = (operation) => (operation === "write" ? (writes++ === 0 ? 9 : "ENOSPC") : undefined);
    emit("hello", "world");
    await clock.advance(0);
    expect(text()).toBe("hello\n");
    fs.heal();
    await clock.advance(100);
    expect(text()).toBe("hello\nworld\n");
  });

  test("what another process tore before it was killed is healed by the next writer of a rotated file", async () => {
    const { fs, emit, clock, text, reasons } = setUp({ sync: true, rotation: { size: 100, keep: 1 } });
    emit("a");
    await clock.advance(20);
    fs.names.get("/logs/f")?.bytes.push(...new TextEncoder().encode("tor"));
    emit("b");
    expect([text(), reasons()]).toEqual(["a\ntor\nb\n", [HEALED]]);
  });
});
