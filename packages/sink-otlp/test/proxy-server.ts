import { createServer, request as forward, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";

/** What a proxy was asked for. */
export interface Asked {
  readonly method: string | undefined;
  readonly target: string | undefined;
  readonly authorization: string | undefined;
  readonly host: string | undefined;
}

/** An HTTP proxy: absolute form for http, CONNECT for https. */
export class ProxyServer {
  readonly asked: Asked[] = [];
  /** What it answers in place of doing its work. */
  refuse: number | "hang" | "reset" | undefined;
  readonly #scheme: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(tls?: { readonly key: string; readonly cert: string }) {
    this.#scheme = tls === undefined ? "http" : "https";
    this.#server = tls === undefined ? createServer() : createTlsServer(tls);
    this.#server.on("request", (request, response) => this.#forward(request, response));
    this.#server.on("connect", (request, socket: Socket) => this.#tunnel(request, socket));
    this.#server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => {});
    });
  }

  static async start(tls?: { readonly key: string; readonly cert: string }): Promise<ProxyServer> {
    const proxy = new ProxyServer(tls);
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The address with credentials in it. */
  urlFor(user: string, password: string): string {
    return this.url.replace("://", `://${user}:${password}@`);
  }

  /** Cuts every connection, idle ones too. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.cut();
    await closed;
  }

  #keep({ method, url, headers }: IncomingMessage): void {
    this.asked.push({ method, target: url, authorization: headers["proxy-authorization"], host: headers.host });
  }

  #forward(request: IncomingMessage, response: ServerResponse): void {
    this.#keep(request);
    if (this.refuse !== undefined) {
      if (this.refuse === "reset") request.socket.destroy();
      else if (this.refuse !== "hang") response.writeHead(this.refuse).end("no");
      return;
    }
    const { "proxy-authorization": _, ...headers } = request.headers;
    const target = forward(request.url ?? "", { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
    target.on("error", () => response.writeHead(502).end());
    request.pipe(target);
  }

  #tunnel(request: IncomingMessage, socket: Socket): void {
    this.#keep(request);
    socket.on("error", () => {});
    if (this.refuse !== undefined) {
      if (this.refuse === "reset") socket.destroy();
      else if (this.refuse !== "hang") socket.end(`HTTP/1.1 ${this.refuse} No\r\n\r\n`);
      return;
    }
    const [host, port] = (request.url ?? "").split(":");
    const target = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      target.pipe(socket).pipe(target);
    });
    this.#sockets.add(target);
    target.on("error", () => socket.destroy());
    target.on("close", () => socket.destroy());
    socket.on("close", () => target.destroy());
  }
}
