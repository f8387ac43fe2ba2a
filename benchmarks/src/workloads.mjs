const routes = Array.from({ length: 8 }, (_, n) => `/api/v1/orders/${n}/payments`);
const orders = Array.from({ length: 64 }, (_, n) => `ord-${(n * 7919 + 100_003).toString(16)}`);

export const bound = {
  "request.id": "req-7f3a90b2c1d4",
  "tenant.id": "acme-gmbh",
  "user.id": 4217,
  component: "checkout",
  region: "eu-central-1",
};

const threeAttributes = (n) => ({
  "http.request.method": "POST",
  "http.route": routes[n & 7],
  "http.response.status_code": 200 + (n & 3),
});

const eightAttributes = (n) => ({
  ...threeAttributes(n),
  duration_ms: 12.25 + (n & 255) / 8,
  "client.address": "10.0.1.17",
  cache_hit: (n & 1) === 0,
  order: { id: orders[n & 63], total: 129.95, currency: "EUR", items: 3 },
  tags: ["checkout", "eu", "batch-1"],
});

/** `level` and `attributes(n)` of one record; `child` says that it is logged through a child logger. */
export const workloads = {
  W1: { level: "debug", attributes: threeAttributes, child: false },
  W2: { level: "info", attributes: threeAttributes, child: false },
  W3: { level: "info", attributes: eightAttributes, child: true },
};
