// What every peer logs. Values come from pools, so that no peer is measured on an object that never changes.

export const message = "payment authorised for order";
export const scope = { name: "shop.checkout", version: "1.4.2" };
export const resource = {
  "service.name": "shop-api",
  "service.version": "3.14.1",
  "deployment.environment.name": "production",
  "host.name": "node-7.eu-central-1",
};

/** Resource and scope for the peers that know neither: as fields of every line. */
export const flatResource = { ...resource, logger: scope.name, logger_version: scope.version };

/** What a child logger binds. */
export const bound = {
  "request.id": "req-7f3a90b2c1d4",
  "tenant.id": "acme-gmbh",
  "user.id": 4217,
  component: "checkout",
  region: "eu-central-1",
};

export const mask = "***";

/** Where the secrets of `secretAttributes` lie: pino must be told, as LogTape must be told what a secret key looks like. */
export const secretPaths = ["db_password", "order.card_token"];
export const secretKeyPattern = /_(?:key|secret|token|password|passphrase|credentials)$/i;

const pool = (size, make) => Array.from({ length: size }, (_, n) => make(n));
const routes = pool(8, (n) => `/api/v1/orders/${n}/payments`);
const clients = pool(64, (n) => `10.0.${n & 7}.${n + 1}`);
const orders = pool(64, (n) => `ord-${(n * 7_919 + 100_003).toString(16).padStart(8, "0")}`);
const batches = pool(16, (n) => `batch-${n}`);
const tokens = pool(64, (n) => `tok_${(n * 104_729 + 1).toString(16).padStart(24, "0")}`);

export function threeAttributes(n) {
  return {
    "http.request.method": "POST",
    "http.route": routes[n & 7],
    "http.response.status_code": 200 + (n & 3),
  };
}

/** Eight, of which one is a map and one a list. */
export function eightAttributes(n) {
  return {
    "http.request.method": "POST",
    "http.route": routes[n & 7],
    "http.response.status_code": 200 + (n & 3),
    duration_ms: 12.25 + (n & 255) / 8,
    "client.address": clients[n & 63],
    cache_hit: (n & 1) === 0,
    order: { id: orders[n & 63], total: 129.95, currency: "EUR", items: 3 },
    tags: ["checkout", "eu", batches[n & 15]],
  };
}

/** The same with two secrets in place of two values: one at the top, one in the map. */
export function secretAttributes(n) {
  return {
    "http.request.method": "POST",
    "http.route": routes[n & 7],
    "http.response.status_code": 200 + (n & 3),
    duration_ms: 12.25 + (n & 255) / 8,
    db_password: tokens[(n + 5) & 63],
    cache_hit: (n & 1) === 0,
    order: { id: orders[n & 63], total: 129.95, card_token: tokens[n & 63], items: 3 },
    tags: ["checkout", "eu", batches[n & 15]],
  };
}

/**
 * A function that makes `count` attributes: text, whole numbers, fractions and booleans in turn, keys in no order. An
 * object literal as in an application, since an object that a loop fills may get another representation from V8.
 */
export function attributesOf(count) {
  const values = [
    (k) => `orders[(n + ${k}) & 63]`,
    (k) => `n + ${k}`,
    (k) => `(n & 255) / 8 + ${k}`,
    (k) => `((n + ${k}) & 1) === 0`,
  ];
  const members = pool(count, (k) => `attribute_${(k * 37) % count}: ${values[k & 3](k)}`);
  return new Function("orders", `return (n) => ({ ${members.join(", ")} });`)(orders);
}

function throwDeep(depth, account) {
  if (depth === 0) throw new TypeError(`cannot read the balance of account ${account}`);
  return throwDeep(depth - 1, account) + 1;
}

const errors = pool(16, (account) => {
  try {
    return throwDeep(6, account);
  } catch (error) {
    void error.stack; // made when first read; to make it is the price of throwing, not of logging
    return error;
  }
});

export const errorOf = (n) => errors[n & 15];
