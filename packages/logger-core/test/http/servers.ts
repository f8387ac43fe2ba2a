/** Servers that do what real ones and what stands before them do. Each ends with `stop`. */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Server as NetServer, type Socket } from "node:net";

/** A server and its address. */
export interface Running {
  readonly url: string;
  readonly port: number;
  /** Connections made so far. */
  readonly connections: readonly Socket[];
  stop(): Promise<void>;
}

export async function listening(server: NetServer, scheme = "http"): Promise<Running> {
  const connections: Socket[] = [];
  const open = new Set<Socket>();
  server.on(scheme === "https" ? "secureConnection" : "connection", (socket: Socket) => {
    connections.push(socket);
    open.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => open.delete(socket));
  });
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    port,
    connections,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of open) socket.destroy();
      (server as Partial<Server>).closeAllConnections?.();
      await closed;
    },
  };
}

/** What a request was, with its body. */
export interface Got {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  readonly port: number;
}

/** Reads requests to their end, keeps them and has them answered. */
export async function httpServer(
  answer: (got: Got, response: ServerResponse) => void,
  tls?: { readonly key: string; readonly cert: string; readonly ca?: string },
): Promise<Running & { readonly got: Got[] }> {
  const got: Got[] = [];
  const listener: RequestListener = async (request, response) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return; // the client gave up
    }
    const { method, url, headers, socket } = request;
    const one = { method, path: url, headers, body: Buffer.concat(chunks).toString(), port: socket.remotePort ?? 0 };
    got.push(one);
    answer(one, response);
  };
  const server =
    tls === undefined
      ? createServer(listener)
      : createTlsServer({ ...tls, requestCert: tls.ca !== undefined }, listener);
  server.keepAliveTimeout = 0;
  return Object.assign(await listening(server, tls === undefined ? "http" : "https"), { got });
}

/** A server on raw TCP, for what no HTTP library would do. */
export function tcpServer(connected: (socket: Socket, nth: number) => void): Promise<Running> {
  let count = 0;
  return listening(createTcpServer((socket) => connected(socket, count++)));
}
