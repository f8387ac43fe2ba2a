/** Where questions are asked and answers are printed. */
import { createInterface, type Interface } from "node:readline";
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
  #interface: Interface | undefined;
  /** Keeps what is typed or pasted ahead of its question; ends with the input, and on Ctrl-C. */
  #lines: AsyncIterator<string> | undefined;
  #ended = false;

  constructor(input: Input, output: Output, errors: NodeJS.WritableStream) {
    this.#input = input;
    this.#output = output;
    this.#errors = errors;
    this.interactive = input.isTTY === true && output.isTTY === true;
  }

  async ask(question: string, fallback: string): Promise<string> {
    const lines = this.#lines ?? this.#open();
    this.#interface?.setPrompt(`${question} (${fallback}) `);
    if (!this.#ended) this.#interface?.prompt();
    const { value, done } = await lines.next();
    if (done === true) throw new UsageError("no answer: nothing was written");
    return value.trim() || fallback;
  }

  say(text: string): void {
    this.#output.write(`${text}\n`);
  }

  complain(text: string): void {
    this.#errors.write(`${text}\n`);
  }

  /** Lets go of the input, so that the process can end. */
  close(): void {
    this.#interface?.close();
  }

  #open(): AsyncIterator<string> {
    this.#interface = createInterface({ input: this.#input, output: this.#output });
    this.#interface.once("close", () => {
      this.#ended = true;
    });
    this.#lines = this.#interface[Symbol.asyncIterator]();
    return this.#lines;
  }
}
