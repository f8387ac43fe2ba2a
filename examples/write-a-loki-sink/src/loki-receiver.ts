/** As much of Loki as a test of a sink needs: it takes pushes, checks them strictly and refuses when told to. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isDeepStrictEqual } from "node:util";
import type { LogRecord } from "@dagstack/logger-core";
import { parseDagstackJsonl } from "@dagstack/logger-core/wire";

/** Loki's default. */
const MAX_LINE_BYTES = 262_144;

export interface Entry {
  readonly stream: Readonly<Record<string, string>>;
  readonly line: string;
  readonly record: LogRecord;
}

/** A refusal to be given, with an answer that repeats the request, as servers do. */
export interface Refusal {
  readonly status: number;
  readonly retryAfterSeconds?: number;
}

class BadPush extends Error {}

export class LokiReceiver {
  /** What was taken in, in order. */
  readonly entries: Entry[] = [];
  /** What was wrong with pushes; each of them was refused with 400. */
  readonly problems: string[] = [];
  /** Every answer, with the time of the request. */
  readonly answers: { readonly status: number; readonly atMs: number }[] = [];
  readonly #refusals: Refusal[] = [];
  #lasting: Refusal | undefined;
  #held: { readonly until: Promise<void>; readonly release: () => void } | undefined;
  readonly #newest = new Map<string, bigint>();
  readonly #server: Server = createServer((request, response) => void this.#answer(request, response));

  static async start(): Promise<LokiReceiver> {
    const receiver = new LokiReceiver();
    await new Promise<void>((resolve) => receiver.#server.listen(0, "127.0.0.1", resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The next requests are refused like this, one after the other. */
  refuse(...refusals: readonly Refusal[]): void {
    this.#refusals.push(...refusals);
  }

  /** From now on each request is refused like this; without a refusal, taken again. */
  refuseAll(refusal?: Refusal): void {
    this.#lasting = refusal;
  }

  /** From now on requests are read and get no answer until `release`. */
  hold(): void {
    let release = (): void => {};
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.#held = { until, release };
  }

  release(): void {
    this.#held?.release();
    this.#held = undefined;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const atMs = performance.now();
    let text = "";
    for await (const chunk of request.setEncoding("utf8")) text += String(chunk);
    await this.#held?.until;
    if (response.destroyed) return; // the sink has hung up: nothing is taken
    const refusal = this.#refusals.shift() ?? this.#lasting;
    const status = refusal?.status ?? this.#take(request, text);
    this.answers.push({ status, atMs });
    if (refusal?.retryAfterSeconds !== undefined) response.setHeader("retry-after", refusal.retryAfterSeconds);
    response.writeHead(status).end(status === 204 ? undefined : `this server does not take ${text}`);
  }

  #take({ method, url, headers }: IncomingMessage, text: string): number {
    try {
      if (method !== "POST" || url !== "/loki/api/v1/push") throw new BadPush("not a push");
      if (headers["content-type"] !== "application/json") throw new BadPush("the content type is not JSON");
      const entries = readPush(JSON.parse(text));
      for (const { stream, record } of entries) this.#checkOrder(JSON.stringify(stream), record.timeUnixNano);
      this.entries.push(...entries);
      return 204;
    } catch (error) {
      this.problems.push(error instanceof Error ? error.message : "no error");
      return 400;
    }
  }

  #checkOrder(stream: string, timeUnixNano: bigint): void {
    if (timeUnixNano < (this.#newest.get(stream) ?? 0n)) throw new BadPush("a stream goes back in time");
    this.#newest.set(stream, timeUnixNano);
  }
}

/** @throws Error for anything that is not exactly a push of our lines. */
function readPush(push: unknown): Entry[] {
  const { streams } = membersOf(push, ["streams"]);
  return listOf(streams).flatMap((item) => {
    const { stream, values } = membersOf(item, ["stream", "values"]);
    const labels = readLabels(stream);
    return listOf(values).map((value) => readEntry(labels, value));
  });
}

function readLabels(stream: unknown): Readonly<Record<string, string>> {
  if (typeof stream !== "object" || stream === null) throw new BadPush("a stream is no map of labels");
  const labels = Object.entries(stream);
  if (labels.length === 0) throw new BadPush("a stream has no label");
  for (const [name, value] of labels) {
    if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) || name.startsWith("__")) throw new BadPush("a label name is invalid");
    if (typeof value !== "string" || value === "") throw new BadPush("a label value is no string");
  }
  return stream as Readonly<Record<string, string>>;
}

function readEntry(stream: Readonly<Record<string, string>>, value: unknown): Entry {
  const [time, line, ...rest] = listOf(value);
  if (rest.length > 0) throw new BadPush("an entry is no pair");
  if (typeof time !== "string" || !/^[1-9]\d{0,18}$/.test(time)) throw new BadPush("a time is no decimal string");
  if (typeof line !== "string") throw new BadPush("a line is no string");
  if (Buffer.byteLength(line) > MAX_LINE_BYTES) throw new BadPush("a line is too long");
  const record = parseDagstackJsonl(line);
  if (String(record.timeUnixNano) !== time) throw new BadPush("a time is not that of its line");
  return { stream, line, record };
}

function membersOf(value: unknown, names: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || !isDeepStrictEqual(Object.keys(value).sort(), [...names].sort())) {
    throw new BadPush(`not a map of exactly ${names.join(" and ")}`);
  }
  return value as Readonly<Record<string, unknown>>;
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0) throw new BadPush("a list is missing or empty");
  return value;
}
