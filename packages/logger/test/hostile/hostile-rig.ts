/** Every local destination at once, and what each of them was given. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LogRecord } from "@dagstack/logger-core";
import { CallbackSink } from "@dagstack/sink-callback";
import { ConsoleSink, type ConsoleSinkOptions } from "@dagstack/sink-console";
import { FileSink } from "@dagstack/sink-file";
import { InMemorySink } from "@dagstack/sink-memory";
import { type ConfigureOptions, configure, type FlushResult, INTERNAL_LOGGER_NAME, Logger } from "../../src/index.ts";

/** How many cases a hostile test tries: `npm run test:long` sets the variable. */
export const CASES: number = process.env.DAGSTACK_LONG === "1" ? 100_000 : 2_000;
/** Cases that share a configuration. */
export const BATCH: number = Math.min(CASES, 250);

/** What the destinations held when they were closed. */
export interface Outputs {
  readonly memory: readonly LogRecord[];
  readonly callback: readonly LogRecord[];
  readonly file: string;
  readonly json: string;
  /** JSON on a terminal, where more is escaped. */
  readonly terminalJson: string;
  readonly pretty: string;
  readonly colored: string;
  readonly closed: FlushResult;
}

/** Where the bytes of a console sink end: text as written, and no terminal unless it says so. */
class FakeStream {
  text = "";
  readonly isTTY: boolean;

  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }

  write(chunk: string | Uint8Array): void {
    this.text += typeof chunk === "string" ? chunk : new TextDecoder("utf-8", { fatal: true }).decode(chunk);
  }
}

/** Runs `work` with all local sinks configured, then closes them. */
export async function throughAllSinks(work: () => void, options: ConfigureOptions = {}): Promise<Outputs> {
  const folder = mkdtempSync(join(tmpdir(), "dagstack-hostile-"));
  try {
    const path = join(folder, "app.jsonl");
    const memory = new InMemorySink({ capacity: 10 * BATCH });
    const callback: LogRecord[] = [];
    const streams = [false, true, false, false].map((isTTY) => new FakeStream(isTTY));
    const [json, terminalJson, pretty, colored] = streams as [FakeStream, FakeStream, FakeStream, FakeStream];
    const consoleTo = (stream: FakeStream, more: ConsoleSinkOptions & { id: string }): ConsoleSink =>
      new ConsoleSink({ stream, ...more });
    const logging = configure({
      level: "trace",
      resource: { "service.name": "hostile" },
      ...options,
      loggers: { [INTERNAL_LOGGER_NAME]: { sinks: [] } },
      sinks: [
        memory,
        new CallbackSink((record) => void callback.push(record), { queueSize: 10 * BATCH }),
        new FileSink(path),
        consoleTo(json, { id: "json", mode: "json" }),
        consoleTo(terminalJson, { id: "terminal", mode: "json" }),
        consoleTo(pretty, { id: "pretty", mode: "pretty", color: "never" }),
        consoleTo(colored, { id: "colored", mode: "pretty", color: "always" }),
      ],
    });
    work();
    const closed = await logging.close(30_000);
    return {
      memory: memory.records(),
      callback,
      file: readFileSync(path, "utf8"),
      json: json.text,
      terminalJson: terminalJson.text,
      pretty: pretty.text,
      colored: colored.text,
      closed,
    };
  } finally {
    Logger.reset();
    rmSync(folder, { recursive: true });
  }
}

/** Lines without their ends. The text must end with one. */
export function linesOf(text: string): string[] {
  if (text === "") return [];
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  return text.slice(0, -1).split("\n");
}
