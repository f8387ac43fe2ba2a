import { afterEach, expect, test, vi } from "vitest";
import { processOptions, processVariables } from "../../src/http/process-variables.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

test("the variables are the process's", () => {
  vi.stubGlobal("process", { env: { HTTP_PROXY: "http://proxy" } });
  expect(processVariables().HTTP_PROXY).toBe("http://proxy");
});

test.each([
  ["no process", undefined],
  ["a process without an environment", {}],
  [
    "a runtime that refuses, as Deno does without a permission",
    {
      env: new Proxy(
        {},
        {
          get: () => {
            throw new Error("NotCapable");
          },
        },
      ),
    },
  ],
])("%s: no variable is set, no option given, nothing is thrown", (_, process) => {
  vi.stubGlobal("process", process);
  expect(processVariables().HTTP_PROXY).toBeUndefined();
  expect(processOptions()).toEqual([""]);
});

test("the options are those of the command line and of NODE_OPTIONS", () => {
  vi.stubGlobal("process", { execArgv: ["--test"], env: { NODE_OPTIONS: "--use-env-proxy  --trace-warnings" } });
  expect(processOptions()).toEqual(["--test", "--use-env-proxy", "--trace-warnings"]);
});
