import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import { systemClock } from "../../sink/index.ts";
import {
  errorCode,
  type HeaderMap,
  type PostRequest,
  type PostResponse,
  type Transport,
  TransportError,
  type TransportSettings,
} from "../transport/index.ts";
import { Connections } from "./connections.ts";
import { builtin } from "./modules.ts";
import { readBody } from "./read-body.ts";

/** What tells that the other side closed a connection, rather than that it could not be made. */
const CLOSED: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE", "ECONNABORTED"]);
const REQUEST_TIMEOUT = 408;

/** Posts over `node:http` or `node:https` with connections kept alive, none of which keeps the process alive. */
export class NodeTransport implements Transport {
  readonly maxBodyBytes: number = Number.POSITIVE_INFINITY;
  readonly isLeaving = false;
  readonly #settings: TransportSettings;
  readonly #connections: Connections;
  /** Where connections go: the URL, or the proxy that takes it in absolute form. */
  readonly #target: RequestOptions;
  readonly #headers: HeaderMap;
  readonly #request: typeof import("node:http").request;

  /** @param nowMs a monotonic clock. */
  constructor(settings: TransportSettings, nowMs: () => number = systemClock.monotonicMs) {
    const { url, proxy, userAgent } = settings;
    const isForwarded = proxy !== undefined && url.protocol === "http:";
    const next = isForwarded ? proxy.url : url;
    this.#settings = settings;
    this.#connections = new Connections(settings, nowMs);
    this.#target = { ...builtin("url").urlToHttpOptions(next), ...(isForwarded ? { path: withoutHash(url) } : {}) };
    this.#headers = {
      "user-agent": userAgent,
      ...(isForwarded ? { host: url.host } : {}),
      ...(isForwarded && proxy.authorization !== undefined ? { "proxy-authorization": proxy.authorization } : {}),
    };
    this.#request = builtin(next.protocol === "https:" ? "https" : "http").request;
  }

  async post(request: PostRequest, signal: AbortSignal): Promise<PostResponse> {
    this.#connections.refresh();
    try {
      return await this.#attempt(request, signal);
    } catch (error) {
      if (!(error instanceof ClosedWhileIdle) || signal.aborted) throw error;
      // Nothing is wrong: the other side had closed a connection that lay idle. Its neighbours may be closed as well.
      this.#connections.closeIdle();
      return this.#attempt(request, signal);
    }
  }

  #attempt({ headers, body }: PostRequest, signal: AbortSignal): Promise<PostResponse> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(new TransportError("ABORTED"));
        return;
      }
      const send = this.#request;
      const request: ClientRequest = send({
        ...this.#target,
        ...this.#connections.optionsFor(signal),
        method: "POST",
        headers: { ...this.#headers, ...headers, "content-length": body.length },
      });
      signal.addEventListener("abort", () => void request.destroy(), { once: true });
      // A flush or close that someone awaits holds the process by a timer; a request on its own must not (design §8.15).
      request.on("socket", (socket) => socket.unref());
      const fail = (code: string): void =>
        reject(request.reusedSocket && CLOSED.has(code) ? new ClosedWhileIdle(code) : new TransportError(code));
      request.on("response", (response) => {
        const status = response.statusCode ?? 0;
        const answer = readBody(request, response, this.#settings.maxAnswerBytes);
        // So some servers say that they close an idle connection; it crossed our request.
        if (status === REQUEST_TIMEOUT && request.reusedSocket) reject(new ClosedWhileIdle("HTTP_408"));
        else resolve({ status, headers: plainHeaders(response), body: answer });
      });
      // After a response these change nothing: the promise has been settled.
      request.on("error", (error) => fail(errorCode(error)));
      request.on("close", () => fail("ECONNRESET"));
      request.end(body);
    });
  }

  probe(timeoutMs: number): Promise<void> {
    const { hostname, port, protocol } = this.#settings.proxy?.url ?? this.#settings.url;
    const host = hostname.replace(/^\[|\]$/g, "");
    return new Promise((resolve, reject) => {
      const socket = builtin("net").connect({
        host,
        port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port),
      });
      const timer = systemClock.schedule(() => socket.destroy(new TransportError("ETIMEDOUT")), timeoutMs, true);
      socket.on("connect", () => {
        socket.destroy();
        resolve();
      });
      socket.on("error", (error) => reject(new TransportError(errorCode(error))));
      socket.on("close", () => timer.cancel());
    });
  }

  close(): void {
    this.#connections.close();
  }
}

/** The other side closed a connection that had been kept alive, maybe before it saw the request. */
class ClosedWhileIdle extends TransportError {}

function withoutHash(url: URL): string {
  return `${url.origin}${url.pathname}${url.search}`;
}

function plainHeaders({ headers }: IncomingMessage): HeaderMap {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
