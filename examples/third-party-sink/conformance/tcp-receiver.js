/** A tcp input as log shippers have them: reads lines until the client is done, then closes. It can be broken. */
import { createServer } from "node:net";

export class TcpReceiver {
  /** What was read, in order. @type {string[]} */
  lines = [];
  /** How many connections there were. */
  connections = 0;
  /** @type {"works" | "stalled" | "fails"} */
  #mode = "works";
  /** @type {Set<import("node:net").Socket>} */
  #sockets = new Set();
  #server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => this.#connected(socket));

  /** @returns {Promise<TcpReceiver>} */
  static async start() {
    const receiver = new TcpReceiver();
    await new Promise((resolve) => receiver.#server.listen(0, "127.0.0.1", () => resolve(undefined)));
    return receiver;
  }

  get port() {
    const address = this.#server.address();
    return typeof address === "object" ? (address?.port ?? 0) : 0;
  }

  /** Connections are accepted by the kernel and not read. */
  stall() {
    this.#mode = "stalled";
    for (const socket of this.#sockets) socket.pause();
  }

  /** Connections are reset. */
  fail() {
    this.#mode = "fails";
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Works again; what was stalled is read. */
  recover() {
    this.#mode = "works";
    for (const socket of this.#sockets) socket.resume();
  }

  async stop() {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** @param {import("node:net").Socket} socket */
  #connected(socket) {
    this.connections += 1;
    let rest = "";
    this.#sockets.add(socket);
    socket.setEncoding("utf8");
    socket.on("error", () => {}); // the sink gave up: "close" follows
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("data", (text) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      this.lines.push(...lines);
    });
    socket.on("end", () => socket.end());
    if (this.#mode === "fails") socket.resetAndDestroy();
    else if (this.#mode === "works") socket.resume();
  }
}
