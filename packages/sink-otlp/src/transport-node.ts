import { Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest, Agent as TLSAgent } from "node:https";
import { connect } from "node:net";
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
  readonly #agent: Agent;

  constructor(url: URL, tls: TLSMaterial | undefined) {
    this.#url = url;
    this.#agent = this.#isSecure ? new TLSAgent({ keepAlive: true, ...tls }) : new Agent({ keepAlive: true });
  }

  post({ headers, body }: PostRequest, signal: AbortSignal): Promise<PostResponse> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(new TransportError("ABORTED"));
        return;
      }
      const request: ClientRequest = (this.#isSecure ? httpsRequest : httpRequest)(this.#url, {
        method: "POST",
        agent: this.#agent,
        headers: { "user-agent": USER_AGENT, ...headers, "content-length": body.length },
      });
      const abort = (): void => void request.destroy();
      signal.addEventListener("abort", abort, { once: true });
      // A flush or close that someone awaits holds the process by a timer; a request on its own must not (design §8.15).
      request.on("socket", (socket) => socket.unref());
      request.on("response", (response) => {
        readBody(response, (received) => {
          signal.removeEventListener("abort", abort);
          resolve({
            status: response.statusCode ?? 0,
            contentType: response.headers["content-type"] ?? "",
            retryAfter: response.headers["retry-after"],
            body: received,
          });
        });
      });
      // Once there is a response, its end has resolved the promise and this changes nothing.
      request.on("error", (error) => reject(new TransportError(errorCode(error))));
      request.on("close", () => {
        signal.removeEventListener("abort", abort);
        reject(new TransportError("ECONNRESET"));
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

/** Calls back once: with the body, or `undefined` when it is too large or was cut off. */
function readBody(response: IncomingMessage, done: (body: Uint8Array | undefined) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let called = false;
  const end = (body: Uint8Array | undefined): void => {
    if (called) return;
    called = true;
    done(body);
  };
  response.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    chunks.push(chunk);
    if (bytes <= MAX_RESPONSE_BYTES) return;
    end(undefined);
    response.destroy();
  });
  response.on("end", () => end(Buffer.concat(chunks)));
  response.on("error", () => end(undefined));
  response.on("close", () => end(undefined));
}
