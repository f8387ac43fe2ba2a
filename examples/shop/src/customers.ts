/** Customers: steady load on the shop for some seconds. */

const ITEMS = ["tea", "coffee", "cake", "unicorn"];
const REQUESTS_PER_ROUND = 12;
const ROUND_MS = 50;

/** Every secret that customers sent starts with this. */
export const SECRET_MARK = "tok_live_";

/** Sends requests until the time is over; resolves to how many were answered. */
export async function sendCustomers(url: string, seconds: number): Promise<number> {
  const end = performance.now() + seconds * 1000;
  let sent = 0;
  while (performance.now() < end) {
    const round = Array.from({ length: REQUESTS_PER_ROUND }, () => sendRequest(url, sent++));
    await Promise.all(round);
    await new Promise((resolve) => setTimeout(resolve, ROUND_MS));
  }
  return sent;
}

async function sendRequest(url: string, n: number): Promise<void> {
  const headers = { authorization: `${SECRET_MARK}${n}` };
  const order = { item: ITEMS[n % ITEMS.length], card_token: `${SECRET_MARK}${n}` };
  const response =
    n % 3 === 0
      ? await fetch(`${url}/prices`, { headers })
      : await fetch(`${url}/orders`, { method: "POST", headers, body: JSON.stringify(order) });
  await response.arrayBuffer();
}
