/** As much of a bulk API as a test of a sink needs: it takes records, checks requests strictly and refuses as told. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { LogRecord } from "@dagstack/logger-core";
import { parseDagstackJsonl } from "@dagstack/logger-core/wire";

/** An answer in place of taking a request. Like servers do, it repeats what was sent. */
export interface Refusal {
  readonly status: number;
  readonly retryAfterSeconds?: number;
  readonly page?: boolean;
}

export class AcmeReceiver {
  /** Lines that were taken in, in order. */
  readonly lines: string[] = [];
  /** What was wrong with requests; each of them was refused with 400. */
  readonly problems: string[] = [];
  /** Every answer, `200` with the statuses of its items where they differ. */
  readonly answers: string[] = [];
  /** The status of one item, by its record and how often that has come. */
  itemStatus: (record: LogRecord, times: number) => number = () => 201;
  /** How many items of a request are taken; the rest gets 429. */
  takes: number = Number.POSITIVE_INFINITY;
  /** The most items that a request may have; 413 for more. */
  maxItems: number = Number.POSITIVE_INFINITY;
  readonly #refusals: Refusal[] = [];
  readonly #times = new Map<string, number>();
  #lasting: Refusal | undefined;
  #held: { readonly until: Promise<void>; readonly release: () => void } | undefined;
  readonly #server: Server = createServer((request, response) => void this.#answer(request, response));

  static async start(): Promise<AcmeReceiver> {
    const receiver = new AcmeReceiver();
    await new Promise<void>((resolve) => receiver.#server.listen(0, "127.0.0.1", resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get records(): readonly LogRecord[] {
    return this.lines.map((line) => parseDagstackJsonl(line));
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
    let text = "";
    try {
      for await (const chunk of request.setEncoding("utf8")) text += String(chunk);
    } catch {
      return; // the sink gave the request up
    }
    await this.#held?.until;
    if (response.destroyed) return; // the sink has hung up: nothing is taken
    const refusal = this.#refusals.shift() ?? this.#lasting;
    if (refusal === undefined) this.#take(request, text, response);
    else this.#refuse(refusal, text, response);
  }

  #refuse({ status, retryAfterSeconds, page }: Refusal, text: string, response: ServerResponse): void {
    this.answers.push(String(status));
    if (retryAfterSeconds !== undefined) response.setHeader("retry-after", retryAfterSeconds);
    response.writeHead(status).end(page === true ? "<!doctype html><title>Log in</title>" : `no: ${text}`);
  }

  #take({ method, url, headers }: IncomingMessage, text: string, response: ServerResponse): void {
    const lines = text.split("\n");
    const problem =
      method !== "POST" || url !== "/_bulk"
        ? "not a bulk request"
        : headers["content-type"] !== "application/x-ndjson"
          ? "the content type is not NDJSON"
          : lines.pop() !== "" || lines.length % 2 !== 0 || lines.length === 0
            ? "not pairs of lines, each with an end"
            : lines.some((line, at) => at % 2 === 0 && line !== '{"create":{"_index":"logs"}}')
              ? "an action is none"
              : undefined;
    if (problem !== undefined) {
      this.problems.push(problem);
      this.#refuse({ status: 400 }, text, response);
      return;
    }
    const records = lines.filter((_, at) => at % 2 === 1);
    if (records.length > this.maxItems) {
      this.#refuse({ status: 413 }, text, response);
      return;
    }
    const statuses = records.map((line, at) => (at < this.takes ? this.#store(line) : 429));
    const distinct = [...new Set(statuses)];
    this.answers.push(distinct.join() === "201" ? "200" : `200(${distinct.join("+")})`);
    const items = statuses.map((status) => ({ create: { status } }));
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ errors: distinct.some((status) => status > 299), items }));
  }

  #store(line: string): number {
    const times = (this.#times.get(line) ?? 0) + 1;
    this.#times.set(line, times);
    const status = this.itemStatus(parseDagstackJsonl(line), times);
    if (status < 300) this.lines.push(line);
    return status;
  }
}
