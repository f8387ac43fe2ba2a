import type { Dialogue } from "../src/terminal.ts";
import { UsageError } from "../src/usage-error.ts";

/** Somebody, or nobody, at the terminal. An empty answer takes the default. */
export class ScriptedDialogue implements Dialogue {
  readonly interactive: boolean;
  readonly questions: string[] = [];
  readonly said: string[] = [];
  readonly complaints: string[] = [];
  readonly #answers: string[];

  /** Without answers there is nobody to ask. */
  constructor(answers?: readonly string[]) {
    this.interactive = answers !== undefined;
    this.#answers = [...(answers ?? [])];
  }

  async ask(question: string, fallback: string): Promise<string> {
    this.questions.push(`${question} (${fallback})`);
    const answer = this.#answers.shift();
    if (answer === undefined) throw new UsageError("no answer: nothing was written");
    return answer || fallback;
  }

  say(text: string): void {
    this.said.push(text);
  }

  complain(text: string): void {
    this.complaints.push(text);
  }
}
