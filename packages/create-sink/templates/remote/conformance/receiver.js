/** As much of the destination as the tests need: it takes lines over HTTP, and can be broken. */
import { createServer } from "node:http";

export class Receiver {
  /** What was taken in, in order. @type {string[]} */
  lines = [];
  /** @type {"works" | "stalled" | "fails" | "rejects"} */
  #mode = "works";
  /** @type {(() => void)[]} */
  #stalled = [];
  #server = createServer((request, response) => void this.#answer(request, response));

  /** @returns {Promise<Receiver>} */
  static async start() {
    const receiver = new Receiver();
    await new Promise((resolve) => receiver.#server.listen(0, "127.0.0.1", () => resolve(undefined)));
    return receiver;
  }

  get url() {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/logs`;
  }

  /** Requests are held from now on. */
  stall() {
    this.#mode = "stalled";
  }

  /** Each request is answered with 503. */
  fail() {
    this.#mode = "fails";
  }

  /** Each request is answered with 400, and with what was sent, as servers do. */
  reject() {
    this.#mode = "rejects";
  }

  /** Works again; what was held is taken in. */
  recover() {
    this.#mode = "works";
    for (const goOn of this.#stalled.splice(0)) goOn();
  }

  async stop() {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   */
  async #answer(request, response) {
    let gone = false;
    response.on("close", () => {
      gone = !response.writableFinished;
    });
    let text = "";
    try {
      for await (const chunk of request.setEncoding("utf8")) text += chunk;
    } catch {
      return; // the sink gave the request up: nothing of it counts
    }
    if (this.#mode === "stalled") await new Promise((resolve) => this.#stalled.push(() => resolve(undefined)));
    if (gone) return;
    if (this.#mode === "works") this.lines.push(...text.split("\n").slice(0, -1));
    const status = { works: 204, stalled: 503, fails: 503, rejects: 400 }[this.#mode];
    response.writeHead(status).end(status === 400 ? `this server does not take ${text}` : undefined);
  }
}
