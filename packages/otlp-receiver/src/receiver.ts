import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { type Answer, takenOf } from "./answer.ts";
import { decodeLogs, encodeResponse, type LogsFormat, type ReceivedRecord } from "./decode-logs.ts";
import type { ReceivedRequest } from "./received-request.ts";

/** Options of `OtlpReceiver.start`. */
export interface OtlpReceiverOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default: any free one. */
  readonly port?: number;
  /** Speaks TLS with this certificate; with `ca`, wants one of that authority from the client too (mTLS). */
  readonly tls?: { readonly key: string; readonly cert: string; readonly ca?: string };
}

/**
 * What to answer from now on: one answer for every request, a list for the next ones (then `ok`), or a function of the
 * request.
 */
export type Script = Answer | readonly Answer[] | ((request: ReceivedRequest) => Answer);

const OK: Answer = { kind: "ok" };

/** An OTLP/HTTP logs receiver. Any path and method is answered and kept, for the test to look at. */
export class OtlpReceiver {
  readonly #options: OtlpReceiverOptions;
  readonly #startedMs = performance.now();
  #requests: ReceivedRequest[] = [];
  #script: (request: ReceivedRequest) => Answer = () => OK;
  #server: Server | undefined;
  #port: number;

  private constructor(options: OtlpReceiverOptions) {
    this.#options = options;
    this.#port = options.port ?? 0;
  }

  /** A receiver that listens. */
  static async start(options: OtlpReceiverOptions = {}): Promise<OtlpReceiver> {
    const receiver = new OtlpReceiver(options);
    await receiver.restart();
    return receiver;
  }

  /** Without a path, such as `http://127.0.0.1:4318`. Stays the same over `stop` and `restart`. */
  get url(): string {
    const { host = "127.0.0.1", tls } = this.#options;
    return `${tls === undefined ? "http" : "https"}://${host.includes(":") ? `[${host}]` : host}:${this.#port}`;
  }

  /** The requests whose bodies were read, oldest first. */
  requests(): readonly ReceivedRequest[] {
    return this.#requests;
  }

  /** The records taken in, in order; a record that came twice is there twice. */
  records(): readonly ReceivedRecord[] {
    return this.#requests.flatMap((request) => {
      const all = request.records();
      return all.slice(0, takenOf(request.answer, all.length));
    });
  }

  /** How to answer from now on; an earlier script is forgotten. */
  respond(script: Script): void {
    if (typeof script === "function") this.#script = script;
    else if (Array.isArray(script)) {
      const answers = [...(script as readonly Answer[])];
      this.#script = () => answers.shift() ?? OK;
    } else this.#script = () => script as Answer;
  }

  /** How many connections are open. */
  connections(): Promise<number> {
    const server = this.#server;
    return server === undefined
      ? Promise.resolve(0)
      : new Promise((resolve) => server.getConnections((_error, count) => resolve(count)));
  }

  /** Forgets what was received. */
  clear(): void {
    this.#requests = [];
  }

  /** Listens again on the same port. */
  async restart(): Promise<void> {
    const { host = "127.0.0.1", tls } = this.#options;
    const listener = (request: IncomingMessage, response: ServerResponse): void => void this.#handle(request, response);
    const server =
      tls === undefined
        ? createServer(listener)
        : createTlsServer(
            { ...tls, requestCert: tls.ca !== undefined, rejectUnauthorized: tls.ca !== undefined },
            listener,
          );
    // A reader of faults must not add its own: idle connections stay open until told otherwise.
    server.keepAliveTimeout = 0;
    server.on("clientError", (_error, socket) => socket.destroy());
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.#port, host, resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Closes the port and cuts every connection: from then on connecting is refused. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  async #handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const atMs = performance.now() - this.#startedMs;
    const clientPort = message.socket.remotePort ?? 0;
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of message) chunks.push(chunk as Buffer);
    } catch {
      return; // the client went away in mid-request; a test sees it by the request's absence
    }
    const wire = Buffer.concat(chunks);
    const format: LogsFormat = message.headers["content-type"] === "application/json" ? "json" : "protobuf";
    const body = message.headers["content-encoding"] === "gzip" ? gunzipSync(wire) : wire;
    let decoded: readonly ReceivedRecord[] | undefined;
    const request: ReceivedRequest & { answer: Answer } = {
      method: message.method ?? "",
      path: message.url ?? "",
      headers: message.headers,
      format,
      wireBytes: wire.length,
      body,
      atMs,
      clientPort,
      answer: OK,
      records() {
        decoded ??= decodeLogs(body, format);
        return decoded;
      },
    };
    request.answer = this.#script(request);
    this.#requests.push(request);
    if (request.answer.kind === "held") {
      const { until, answer = OK } = request.answer;
      await until;
      if (response.destroyed) return; // "held" takes nothing
      request.answer = answer;
    }
    play(request.answer, format, response);
  }
}

function play(answer: Answer, format: LogsFormat, response: ServerResponse): void {
  const send = (status: number, body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}): void => {
    const type = format === "json" ? "application/json" : "application/x-protobuf";
    response.writeHead(status, { "content-type": type, ...headers }).end(body);
  };
  switch (answer.kind) {
    case "ok":
      send(200, encodeResponse(format));
      break;
    case "status":
      send(answer.status, answer.body ?? "", answer.headers);
      break;
    case "partial":
      send(200, encodeResponse(format, { rejected: BigInt(answer.rejected), message: answer.message ?? "" }));
      break;
    case "hang":
    case "held":
      break;
    case "slow":
      setTimeout(() => play(answer.answer ?? OK, format, response), answer.delayMs);
      break;
    case "reset":
      response.socket?.resetAndDestroy();
      break;
    case "malformed":
      send(200, "<html>this is no OTLP response</html>");
      break;
    case "oversized":
      send(200, Buffer.alloc(answer.bytes, "x"));
      break;
    case "headersOnly":
      response.writeHead(200, { "content-length": "100" });
      response.flushHeaders();
      break;
    case "raw":
      response.socket?.end(answer.text);
      break;
  }
}
