import { closeSync, writeSync } from "node:fs";
import { expect, it } from "vitest";
import { inFolder } from "../src/folder.mjs";
import { namedPipe } from "../src/named-pipe.mjs";

it("takes nothing before it is read, then everything to the end", async () => {
  await inFolder(async (folder) => {
    const pipe = namedPipe(folder);
    writeSync(pipe.writer, "first, ");
    pipe.read();
    writeSync(pipe.writer, "second");
    pipe.closeWriter();
    expect(await pipe.text).toBe("first, second");
  });
});

it("is slow with a pause: 64 KiB at a time, with nothing missing", async () => {
  await inFolder(async (folder) => {
    const pipe = namedPipe(folder);
    const text = "x".repeat(60_000);
    writeSync(pipe.writer, text);
    pipe.read(5);
    pipe.closeWriter();
    expect(await pipe.text).toBe(text);
  });
});

it("refuses writers once it is hung up", async () => {
  await inFolder((folder) => {
    const pipe = namedPipe(folder);
    pipe.hangUp();
    expect(() => writeSync(pipe.writer, "late")).toThrow("EPIPE");
    closeSync(pipe.writer);
  });
});
