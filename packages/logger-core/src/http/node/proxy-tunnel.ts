import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { errorCode, type ProxySettings, type TLSMaterial, TransportError } from "../transport/index.ts";
import { builtin } from "./modules.ts";

/** What a tunnel is made of. */
export interface TunnelSettings {
  readonly proxy: ProxySettings;
  /** Whom to trust at a proxy that speaks TLS itself; the system's authorities without. */
  readonly ca: readonly string[] | undefined;
  /** An https URL. */
  readonly target: URL;
  /** Certificates for the target, inside of the tunnel. */
  readonly material: TLSMaterial;
  /** Gives the tunnel up, as long as it is being made. */
  readonly attempt: AbortSignal;
}

/** A TLS connection to the target through an HTTP proxy (CONNECT, RFC 9110 §9.3.6). Rejects with a `TransportError`. */
export function openTunnel(settings: TunnelSettings): Promise<TLSSocket> {
  const { proxy, ca, target, attempt } = settings;
  const authority = `${target.hostname}:${target.port === "" ? "443" : target.port}`;
  return new Promise((resolve, reject) => {
    const fail = (code: string): void => reject(new TransportError(code));
    const { request: send } = builtin(proxy.url.protocol === "https:" ? "https" : "http");
    const request = send({
      ...builtin("url").urlToHttpOptions(proxy.url),
      ...(ca === undefined ? {} : { ca: [...ca] }),
      method: "CONNECT",
      path: authority,
      agent: false,
      headers: {
        host: authority,
        ...(proxy.authorization === undefined ? {} : { "proxy-authorization": proxy.authorization }),
      },
    });
    let connected = false;
    request.on("socket", (socket) => {
      socket.on("error", () => {
        // Told by the request, or by the connection inside.
      });
      socket.unref();
    });
    request.on("connect", ({ statusCode = 0 }, socket: Socket) => {
      connected = true;
      if (statusCode >= 200 && statusCode < 300) {
        secure(settings, socket).then(resolve, (error: unknown) => fail(errorCode(error)));
        return;
      }
      socket.destroy();
      fail(`PROXY_HTTP_${statusCode}`);
    });
    request.on("error", (error) => fail(errorCode(error)));
    request.on("close", () => {
      if (!connected) fail("ECONNRESET");
    });
    attempt.addEventListener("abort", () => void request.destroy(), { once: true });
    request.end();
  });
}

function secure({ target, material, attempt }: TunnelSettings, socket: Socket): Promise<TLSSocket> {
  const host = target.hostname.replace(/^\[|\]$/g, "");
  return new Promise((resolve, reject) => {
    const inner = builtin("tls").connect({
      ...material,
      socket,
      host,
      servername: builtin("net").isIP(host) === 0 ? host : "",
      ALPNProtocols: ["http/1.1"],
    });
    const abort = (): void => void inner.destroy();
    attempt.addEventListener("abort", abort, { once: true });
    inner.unref();
    inner.on("secureConnect", () => {
      attempt.removeEventListener("abort", abort);
      resolve(inner);
    });
    inner.on("error", reject);
    inner.on("close", () => {
      socket.destroy();
      reject(new TransportError("ECONNRESET"));
    });
  });
}
