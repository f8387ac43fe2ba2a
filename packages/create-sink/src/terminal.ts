/** Where questions are asked and answers are printed. */
import { createInterface, type Interface } from "node:readline/promises";
import type { ReadStream } from "node:tty";
import { UsageError } from "./usage-error.ts";

/** What the command needs of a terminal. */
export interface Dialogue {
  /** Whether there is somebody to ask. */
  readonly interactive: boolean;
  /** Asks; an empty answer is the default. @throws UsageError when the input ends instead. */
  ask(question: string, fallback: string): Promise<string>;
  say(text: string): void;
  complain(text: string): void;
}

type Input = NodeJS.ReadableStream & Partial<Pick<ReadStream, "isTTY">>;
type Output = NodeJS.WritableStream & { readonly isTTY?: boolean | undefined };

/** The terminal of a process. Reads its input only when it asks. */
export class Terminal implements Dialogue {
  readonly interactive: boolean;
  readonly #input: Input;
  readonly #output: Output;
  readonly #errors: NodeJS.WritableStream;
  readonly #ended = new AbortController();
  #lines: Interface | undefined;

  constructor(input: Input, output: Output, errors: NodeJS.WritableStream) {
    this.#input = input;
    this.#output = output;
    this.#errors = errors;
    this.interactive = input.isTTY === true && output.isTTY === true;
  }

  async ask(question: string, fallback: string): Promise<string> {
    const lines = this.#open();
    try {
      const answer = await lines.question(`${question} (${fallback}) `, { signal: this.#ended.signal });
      return answer.trim() || fallback;
    } catch (error) {
      // Ctrl-C and Ctrl-D close the interface; without this the question would wait for ever.
      if (this.#ended.signal.aborted) throw new UsageError("no answer: nothing was written");
      throw error;
    }
  }

  say(text: string): void {
    this.#output.write(`${text}\n`);
  }

  complain(text: string): void {
    this.#errors.write(`${text}\n`);
  }

  /** Lets go of the input, so that the process can end. */
  close(): void {
    this.#lines?.close();
  }

  #open(): Interface {
    if (this.#lines !== undefined) return this.#lines;
    const lines = createInterface({ input: this.#input, output: this.#output });
    lines.once("close", () => this.#ended.abort());
    this.#lines = lines;
    return lines;
  }
}
