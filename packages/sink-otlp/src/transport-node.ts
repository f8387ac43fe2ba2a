import { Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest, Agent as TLSAgent } from "node:https";
import { connect } from "node:net";
import { urlToHttpOptions } from "node:url";
import type { TLSMaterial } from "./tls.ts";
import {
  errorCode,
  MAX_RESPONSE_BYTES,
  type PostRequest,
  type PostResponse,
  type Transport,
  TransportError,
} from "./transport.ts";

const USER_AGENT = "dagstack-sink-otlp";

/** Posts over `node:http` or `node:https` with connections kept alive, none of which keeps the process alive. */
export class NodeTransport implements Transport {
  readonly maxBodyBytes: number = Number.POSITIVE_INFINITY;
  readonly isLeaving = false;
  readonly #url: URL;
  /** What `#url` says, taken apart once. */
  readonly #target: ReturnType<typeof urlToHttpOptions>;
  readonly #agent: Agent;

  constructor(url: URL, tls: TLSMaterial | undefined) {
    this.#url = url;
    this.#target = urlToHttpOptions(url);
    this.#agent = this.#isSecure ? new TLSAgent({ keepAlive: true, ...tls }) : new Agent({ keepAlive: true });
  }

  post({ headers, body }: PostRequest, signal: AbortSignal): Promise<PostResponse> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(new TransportError("ABORTED"));
        return;
      }
      const request: ClientRequest = (this.#isSecure ? httpsRequest : httpRequest)({
        ...this.#target,
        method: "POST",
        agent: this.#agent,
        headers: { "user-agent": USER_AGENT, ...headers, "content-length": body.length },
      });
      signal.addEventListener("abort", () => void request.destroy(), { once: true });
      // A flush or close that someone awaits holds the process by a timer; a request on its own must not (design §8.15).
      request.on("socket", (socket) => socket.unref());
      let answered = false;
      request.on("response", (response) => {
        answered = true;
        resolve({
          status: response.statusCode ?? 0,
          contentType: response.headers["content-type"] ?? "",
          retryAfter: response.headers["retry-after"],
          body: readBody(response),
        });
      });
      // After a response these change nothing: the promise has been resolved.
      request.on("error", (error) => reject(new TransportError(errorCode(error))));
      request.on("close", () => {
        if (!answered) reject(new TransportError("ECONNRESET"));
      });
      request.end(body);
    });
  }

  probe(timeoutMs: number): Promise<void> {
    const { hostname, port, protocol } = this.#url;
    const host = hostname.replace(/^\[|\]$/g, "");
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port) });
      const timer = setTimeout(() => socket.destroy(new TransportError("ETIMEDOUT")), timeoutMs);
      socket.on("connect", () => {
        socket.destroy();
        resolve();
      });
      socket.on("error", (error) => reject(new TransportError(errorCode(error))));
      socket.on("close", () => clearTimeout(timer));
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  get #isSecure(): boolean {
    return this.#url.protocol === "https:";
  }
}

function readBody(response: IncomingMessage): Promise<Uint8Array | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    response.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MAX_RESPONSE_BYTES) chunks.push(chunk);
      else response.destroy();
    });
    response.on("end", () => resolve(bytes <= MAX_RESPONSE_BYTES ? Buffer.concat(chunks) : undefined));
    // Cut off, by us or by the other side. After the end it changes nothing.
    response.on("error", () => resolve(undefined));
    response.on("close", () => resolve(undefined));
  });
}
