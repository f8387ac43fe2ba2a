// The program whose output is compared: a small shop as it starts, serves two requests and fails one of them.
import express from "express";

/**
 * @param log `(logger name, level, message, attributes, error?)`: each logger's own idiom.
 */
export async function run(log) {
  log("shop", "info", "listening", { port: 3000, env: "development", pid: 4242 });
  log("shop.db", "debug", "query finished", {
    sql: "select id, total\n  from orders\n where customer = $1\n order by placed_at desc",
    rows: 12,
    duration_ms: 3.25,
  });
  log("shop.http", "info", "request completed", {
    "http.request.method": "GET",
    "url.path": "/orders/42",
    "http.response.status_code": 200,
    duration_ms: 12.4,
    "user.id": "u-1187",
    cached: false,
    coupon: null,
  });
  log("shop.checkout", "info", "order placed", {
    order: {
      id: 42,
      total: 99.9,
      currency: "EUR",
      items: [
        { sku: "A-1", title: "Espresso beans, 1 kg", quantity: 2 },
        { sku: "B-7", title: "Кружка / マグカップ ☕", quantity: 1 },
      ],
      address: { street: "Hauptstraße 1", city: "Köln", zip: "50667" },
    },
    api_key: "sk_live_51Hx",
  });
  log("shop.mail", "warn", "template has no Hebrew text, English used", { template: "שלום עולם", locale: "he-IL" });
  await failedRequest((error) => log("shop.payments", "error", "charge failed", { "order.id": 42, attempt: 3 }, error));
  log("shop.http", "info", "request completed", {
    "http.request.method": "POST",
    "url.path": "/orders/42/pay",
    "http.response.status_code": 502,
    duration_ms: 48.1,
    "user.id": "u-1187",
  });
}

/** Nobody listens there, as a rule. */
const PROVIDER = "http://127.0.0.1:9443/charge";

class PaymentError extends Error {
  constructor(message, options, code) {
    super(message, options);
    this.name = "PaymentError";
    this.code = code;
    this.retryable = true;
  }
}

async function chargeCard() {
  try {
    await fetch(PROVIDER);
  } catch (cause) {
    throw new PaymentError("the payment provider does not answer", { cause }, "provider_unreachable");
  }
}

/** A request to an express application whose handler fails. */
async function failedRequest(tell) {
  const application = express();
  application.post("/orders/:id/pay", async function payOrder() {
    await chargeCard();
  });
  application.use((error, _request, response, _next) => {
    tell(error);
    response.status(502).end();
  });
  const server = application.listen(0);
  await new Promise((resolve) => server.once("listening", resolve));
  await fetch(`http://127.0.0.1:${server.address().port}/orders/42/pay`, { method: "POST" });
  server.closeAllConnections();
  server.close();
}
