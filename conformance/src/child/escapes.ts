/** What escapes to the process: errors that nobody caught, and warnings that say the same. */
import { describeError } from "@dagstack/logger-core";

/** Said about Node or a library, not about what the sink did just now. */
const HARMLESS: readonly string[] = ["ExperimentalWarning", "DeprecationWarning"];

export class Escapes {
  /** What is going on, for the texts. */
  during = "it was made";
  readonly #counts = new Map<string, number>();

  /** Catches what escapes from now on, so that the process goes on. */
  constructor(source: NodeJS.Process) {
    source.on("uncaughtException", (error) => this.#add("an uncaught exception", error));
    source.on("unhandledRejection", (error) => this.#add("an unhandled rejection", error));
    source.on("warning", (warning) => {
      if (!HARMLESS.includes(warning.name)) this.#add("a warning", warning);
    });
  }

  /** Each different one once, with how often it came. */
  texts(): string[] {
    return [...this.#counts].map(([text, count]) => (count === 1 ? text : `${text} (${count} times)`));
  }

  #add(kind: string, error: unknown): void {
    const { type, message } = describeError(error);
    const text = `${kind} while ${this.during}: ${type}: ${message}`;
    this.#counts.set(text, (this.#counts.get(text) ?? 0) + 1);
  }
}
