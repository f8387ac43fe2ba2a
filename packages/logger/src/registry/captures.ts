import type { LogRecord } from "@dagstack/logger-core";
import { createAmbientValue } from "../runtime/index.ts";
import { nodeName } from "./logger-node.ts";

/** One `captureLogs` under way. */
export interface Capture {
  readonly records: LogRecord[];
  /** Captures this name and everything below it; `""` captures all. */
  readonly name: string;
  readonly outer: Capture | undefined;
  ended: boolean;
}

/** What `captureLogs` resolves to. */
export interface CapturedLogs<T> {
  readonly result: T;
  /** In order of emission, observed time set. */
  readonly records: readonly LogRecord[];
}

/** The captures of this process, found by the asynchronous call tree they belong to. */
export class Captures {
  readonly #ambient = createAmbientValue<Capture>();
  /** While there are none, a log call does not look for one. */
  #active = 0;

  async run<T>(name: string, fn: () => T | Promise<T>): Promise<CapturedLogs<T>> {
    const capture: Capture = { records: [], name: nodeName(name), outer: this.#ambient.get(), ended: false };
    this.#active += 1;
    try {
      const result = await this.#ambient.run(capture, fn);
      return { result, records: capture.records };
    } finally {
      this.#active -= 1;
      capture.ended = true;
    }
  }

  /** The innermost capture that wants the records of a logger. */
  find(loggerName: string): Capture | undefined {
    if (this.#active === 0) return undefined;
    let capture = this.#ambient.get();
    while (capture !== undefined && (capture.ended || !covers(capture.name, loggerName))) capture = capture.outer;
    return capture;
  }
}

function covers(name: string, loggerName: string): boolean {
  return name === "" || loggerName === name || loggerName.startsWith(`${name}.`);
}
