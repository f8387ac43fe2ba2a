import { expect, it } from "vitest";
import { programsIn } from "../src/programs.mjs";

const start = programsIn(new URL("programs/", import.meta.url));

it("hands over the argument and flags, and answers with exit code, streams and the last facts", async () => {
  const { end } = start("ends", { waits: false }, { flags: ["--no-warnings"] });
  const { code, signal, stdout, stderr, facts } = await end;
  expect({ code, signal, stdout, stderr }).toEqual({ code: 3, signal: null, stdout: "out\n", stderr: "err\n" });
  expect(facts).toEqual({ waits: "no more", flags: ["--no-warnings"] });
});

it("tells when a fact was said, of a program that goes on", async () => {
  const { child, says, end } = start("ends", { waits: true }, { stdin: "pipe" });
  await says("waits");
  expect(child.exitCode).toBe(null);
  child.stdin?.end();
  expect((await end).code).toBe(3);
});

it("waits for no fact of a program that has ended", async () => {
  const { says, end } = start("ends", { waits: false });
  await says("never");
  expect((await end).code).toBe(3);
});

it("keeps the whole facts of a program that was killed", async () => {
  const { signal, facts } = await start("torn").end;
  expect({ signal, facts }).toEqual({ signal: "SIGKILL", facts: { whole: true } });
});
