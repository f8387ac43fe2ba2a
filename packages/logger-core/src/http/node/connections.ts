import type { Agent, RequestOptions } from "node:http";
import type { Agent as TLSAgent } from "node:https";
import type { Socket } from "node:net";
import type { ProxySettings, TLSMaterial, TransportSettings } from "../transport/index.ts";
import { CertificateFiles } from "./certificate-files.ts";
import { builtin } from "./modules.ts";
import { openTunnel } from "./proxy-tunnel.ts";

/** Connections do not live for ever: names are asked again, and load balancers get to share them out. */
const MAX_AGE_MS = 120_000;

type Made = (error: Error | null, socket?: Socket) => void;

/** The method of an agent that Node calls for each new connection; its types know it by halves. */
interface ConnectingAgent {
  createConnection?: (options: ConnectionOptions, made: Made) => Socket | undefined;
}

interface ConnectionOptions extends RequestOptions {
  /** Ends the attempt that wanted the connection. */
  readonly attempt: AbortSignal;
}

/**
 * The connections of one transport: kept alive, none older than two minutes, made with the certificates that lie in the
 * files now. None is ever without a listener: the other side may reset an idle one at any time, and a request that is
 * answered early leaves writes behind that fail when nobody waits for them any more.
 */
export class Connections {
  readonly #settings: TransportSettings;
  readonly #files: CertificateFiles | undefined;
  readonly #nowMs: () => number;
  readonly #madeAtMs = new WeakMap<Socket, number>();
  #agent: Agent;

  constructor(settings: TransportSettings, nowMs: () => number) {
    this.#settings = settings;
    this.#nowMs = nowMs;
    this.#files = settings.tls && new CertificateFiles(settings.tls, settings.onProblem);
    this.#agent = this.#createAgent();
  }

  /** For the request of one attempt. */
  optionsFor(attempt: AbortSignal): RequestOptions {
    const options: ConnectionOptions = { agent: this.#agent, attempt };
    return options;
  }

  /** Before each request: takes up new certificates, and lets go of connections that have become too old. */
  refresh(): void {
    if (this.#files?.changed() === true) {
      this.closeIdle();
      this.#agent.maxFreeSockets = 0; // those in use are not kept
      this.#agent = this.#createAgent();
    }
    const oldestMs = this.#nowMs() - MAX_AGE_MS;
    this.#closeIdle((socket) => (this.#madeAtMs.get(socket) ?? oldestMs) <= oldestMs);
  }

  closeIdle(): void {
    this.#closeIdle(() => true);
  }

  close(): void {
    this.#agent.destroy();
  }

  #closeIdle(isOld: (socket: Socket) => boolean): void {
    const idle = Object.values(this.#agent.freeSockets).flatMap((sockets) => sockets ?? []);
    for (const socket of idle) if (isOld(socket)) socket.destroy();
  }

  #createAgent(): Agent {
    const { url, proxy } = this.#settings;
    const material = this.#files?.material ?? {};
    if (proxy === undefined) {
      return this.#watched(url.protocol === "https:" ? tlsAgent(material) : plainAgent());
    }
    if (url.protocol === "https:") return this.#tunnelling(proxy, material);
    return this.#watched(proxy.url.protocol === "https:" ? tlsAgent() : plainAgent());
  }

  #watched(agent: Agent): Agent {
    const connecting = agent as unknown as ConnectingAgent;
    const connect = connecting.createConnection?.bind(agent);
    if (connect === undefined) return agent; // Bun makes connections on its own, and listens to them
    connecting.createConnection = (options, made) => this.#keep(connect(options, made));
    return agent;
  }

  #tunnelling(proxy: ProxySettings, material: TLSMaterial): Agent {
    const agent = tlsAgent();
    const ca = material.ca === undefined ? undefined : [...builtin("tls").rootCertificates, material.ca];
    (agent as unknown as ConnectingAgent).createConnection = ({ attempt }, made) => {
      openTunnel({ proxy, ca, target: this.#settings.url, material, attempt }).then(
        (socket) => made(null, this.#keep(socket)),
        (error: Error) => made(error),
      );
      return undefined;
    };
    return agent;
  }

  #keep<T extends Socket | undefined>(socket: T): T {
    socket?.on("error", () => {
      // The request of the moment tells it; where there is none, there is nothing to tell.
    });
    if (socket !== undefined) this.#madeAtMs.set(socket, this.#nowMs());
    return socket;
  }
}

function plainAgent(): Agent {
  const { Agent } = builtin("http");
  return new Agent({ keepAlive: true });
}

function tlsAgent(material: TLSMaterial = {}): TLSAgent {
  const { Agent } = builtin("https");
  return new Agent({ keepAlive: true, ...material });
}
