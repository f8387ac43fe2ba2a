/** The shop: three routes, each logging what it does. */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Logger } from "@dagstack/logger";

const log = Logger.get("shop.http", "1.4.0");
const checkout = Logger.get("shop.checkout", "1.4.0");

const PRICES: Readonly<Record<string, number>> = { tea: 4.5, coffee: 7.25, cake: 12 };

class CardDeclined extends Error {}

interface Order {
  readonly item: string;
  readonly card_token: string;
}

/** Starts the shop on a free port of this machine. */
export async function openShop(): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the shop has no port");
  return { url: `http://127.0.0.1:${address.port}`, server };
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const started = performance.now();
  const requestLog = log.child({ "request.id": randomUUID(), "http.request.method": request.method });
  let status = 200;
  try {
    response.end(JSON.stringify(await route(request)));
  } catch (error) {
    status = error instanceof CardDeclined ? 402 : 400;
    requestLog.exception(error, { "url.path": request.url });
    response.statusCode = status;
    response.end();
  }
  requestLog.debug("request served", {
    "url.path": request.url,
    "http.response.status_code": status,
    duration_ms: Math.round((performance.now() - started) * 100) / 100,
    authorization_token: request.headers.authorization,
  });
}

async function route(request: IncomingMessage): Promise<unknown> {
  if (request.method === "GET") return PRICES;
  const order = JSON.parse(await readBody(request)) as Order;
  const price = PRICES[order.item];
  if (price === undefined) throw new RangeError("no such item");
  if (order.card_token.endsWith("0"))
    throw new CardDeclined("the bank said no", { cause: new Error("insufficient funds") });
  const id = randomUUID();
  checkout.info("order placed", { "order.id": id, order, price });
  if (price > 10) checkout.warn("large order", { "order.id": id, price });
  return { id, price };
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}
