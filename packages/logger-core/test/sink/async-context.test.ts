import { AsyncLocalStorage } from "node:async_hooks";
import { afterEach, describe, expect, it, vi } from "vitest";
import { captureAsyncContext } from "../../src/sink/index.ts";

const user = new AsyncLocalStorage<string>();

afterEach(() => vi.unstubAllGlobals());

describe("captureAsyncContext", () => {
  it("runs work in the context it was called in, whatever is current, and answers what it answers", () => {
    const runInContext = user.run("maker", () => captureAsyncContext());
    expect(user.run("caller", () => runInContext(() => [user.getStore()]))).toEqual(["maker"]);
    expect(captureAsyncContext()(() => user.getStore())).toBeUndefined();
  });

  it("holds for what the work awaits, and lets errors through", async () => {
    const runInContext = user.run("maker", () => captureAsyncContext());
    const later = user.run("caller", () =>
      runInContext(async () => {
        await Promise.resolve();
        return user.getStore();
      }),
    );
    expect(await later).toBe("maker");
    expect(() =>
      runInContext(() => {
        throw new Error("x");
      }),
    ).toThrow("x");
  });

  it.each([
    ["no process", undefined],
    ["a process without built-in modules", {}],
    ["no such module", { getBuiltinModule: () => undefined }],
    ["no snapshots", { getBuiltinModule: () => ({ AsyncLocalStorage: class {} }) }],
    [
      "a process that forbids the look",
      {
        getBuiltinModule: () => {
          throw new Error("NotCapable");
        },
      },
    ],
  ])("in a runtime with %s runs work where it is called", (_, process) => {
    vi.stubGlobal("process", process);
    const runInContext = captureAsyncContext();
    vi.unstubAllGlobals();
    expect(user.run("caller", () => runInContext(() => user.getStore()))).toBe("caller");
  });
});
