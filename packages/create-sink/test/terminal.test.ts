import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { Terminal } from "../src/terminal.ts";
import { UsageError } from "../src/usage-error.ts";

function terminal(isTTY = true): { input: PassThrough; output: PassThrough; errors: PassThrough; terminal: Terminal } {
  const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const made = new Terminal(Object.assign(input, { isTTY }), Object.assign(output, { isTTY }), errors);
  return { input, output, errors, terminal: made };
}

describe("asking", () => {
  it("shows the default and answers with what was typed, trimmed", async () => {
    const { input, output, terminal: at } = terminal();
    const answer = at.ask("folder?", "sink-x");
    input.write("  there \n");
    expect(await answer).toBe("there");
    expect(String(output.read())).toContain("folder? (sink-x) ");
    at.close();
  });

  it("takes an empty line for the default", async () => {
    const { input, terminal: at } = terminal();
    const answer = at.ask("folder?", "sink-x");
    input.write("\n");
    expect(await answer).toBe("sink-x");
    at.close();
  });

  it("loses nothing that was pasted at once", async () => {
    const { input, terminal: at } = terminal();
    const first = at.ask("name?", "x");
    input.write("one\n\ntwo\n");
    expect([await first, await at.ask("folder?", "y"), await at.ask("template?", "z")]).toEqual(["one", "y", "two"]);
    at.close();
  });

  it("ends when the input ends, instead of waiting for ever", async () => {
    const { input, terminal: at } = terminal();
    const answer = at.ask("folder?", "sink-x");
    input.end();
    await expect(answer).rejects.toThrow(UsageError);
  });

  it("ends at once when the input has ended before", async () => {
    const { input, terminal: at } = terminal();
    const first = at.ask("name?", "x");
    input.end();
    await expect(first).rejects.toThrow(UsageError);
    await expect(at.ask("folder?", "sink-x")).rejects.toThrow("nothing was written");
  });
});

describe("without a terminal", () => {
  it("there is nobody to ask", () => {
    expect(terminal(false).terminal.interactive).toBe(false);
    expect(terminal(true).terminal.interactive).toBe(true);
  });

  it("what is said goes to the output, complaints to the errors", () => {
    const { output, errors, terminal: at } = terminal(false);
    at.say("done");
    at.complain("not done");
    expect([String(output.read()), String(errors.read())]).toEqual(["done\n", "not done\n"]);
  });
});
