import { describe, expect, it } from "vitest";
import { readStack } from "../../../src/wire/pretty/stack-frames.ts";

function only(line: string, cwd = "") {
  return readStack(`Error: x\n${line}`, cwd).lines[0];
}

describe("lines of a stack trace", () => {
  it.each([
    ["    at f (/srv/a.ts:1:2)", "f", "/srv/a.ts:1:2"],
    ["    at async Shop.pay (file:///srv/a.ts:1:2)", "async Shop.pay", "/srv/a.ts:1:2"],
    ["    at file:///srv/a.ts:1:2", "", "/srv/a.ts:1:2"],
    ["    at async file:///srv/a.ts:1:2", "async", "/srv/a.ts:1:2"],
    ["    at new Shop (C:\\srv\\a.ts:1:2)", "new Shop", "C:\\srv\\a.ts:1:2"],
    ["    at f (file:///C:/srv/a.ts:1:2)", "f", "C:/srv/a.ts:1:2"],
    ["    at eval (eval at f (/srv/a.ts:1:2), <anonymous>:1:1)", "eval", "eval at f (/srv/a.ts:1:2), <anonymous>:1:1"],
    ["f@http://localhost:8080/a.js:1:2", "f", "http://localhost:8080/a.js:1:2"],
    ["@http://localhost:8080/a.js:1:2", "", "http://localhost:8080/a.js:1:2"],
  ])("%j is one's own call", (line, call, place) => {
    expect(only(line)).toEqual({ kind: "own", call, place });
  });

  it.each([
    ["    at f (/srv/node_modules/express/lib/a.js:1:2)", "express"],
    ["    at f (/srv/node_modules/.pnpm/a@1/node_modules/@scope/name/a.js:1:2)", "@scope/name"],
    ["    at f (C:\\srv\\node_modules\\express\\lib\\a.js:1:2)", "express"],
    ["    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)", "node:internal"],
    ["    at node:net:1637:16", "node:net"],
    ["    at async node:internal/main/run:1:1", "node:internal"],
    ["    at Array.map (<anonymous>)", "native"],
    ["    at f (native)", "native"],
    ["    at f (ext:core/01_core.js:1:2)", "ext:core"],
    ["map@[native code]", undefined],
  ])("%j is of %s", (line, from) => {
    const found = only(line);
    expect(found?.kind === "library" ? found.from : undefined).toBe(from);
  });

  it.each([
    ["/srv/shop", "/srv/shop/src/a.ts:1:2", "src/a.ts:1:2"],
    ["/srv/shop", "/srv/shop-two/a.ts:1:2", "/srv/shop-two/a.ts:1:2"],
    ["C:\\srv", "file:///C:/srv/a.ts:1:2", "a.ts:1:2"],
    ["", "/a.ts:1:2", "/a.ts:1:2"],
  ])("from the folder %j, %s is %s", (cwd, path, told) => {
    expect(only(`    at f (${path})`, cwd)).toMatchObject({ place: told });
  });

  it("everything before the first call is the head, and what is no call between calls stays", () => {
    expect(readStack("Error: a\nb\n    at f (x:1:1)\n  ... 3 lines\n", "")).toEqual({
      head: "Error: a\nb",
      lines: [
        { kind: "own", call: "f", place: "x:1:1" },
        { kind: "text", text: "... 3 lines" },
      ],
    });
    expect(readStack("no stack", "")).toEqual({ head: "no stack", lines: [] });
  });

  it("a line of any length and content is read in time that grows with its length", () => {
    const line = `    at ${"a (".repeat(100_000)}`;
    expect(only(line)?.kind).toBe("own");
  });
});
