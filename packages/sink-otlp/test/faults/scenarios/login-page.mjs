import { of } from "@dagstack/fault-harness";
import { startReceiver } from "../receiver.mjs";
import { start } from "../start.mjs";

const RECORDS = 20;

export const id = "login-page";
export const row = 11;
export const injected =
  "a proxy that answers the first three requests with 200 and a login page, and so it does later on";
export const promised = "an outage: nothing counts as delivered that the receiver did not get; told once for each";

export async function run() {
  const isPage = (nth) => nth < 3 || nth === 10;
  const receiver = await startReceiver({
    answer({ response, nth }) {
      if (!isPage(nth)) return false;
      response.setHeader("content-type", "text/html; charset=utf-8").end("<!DOCTYPE html><title>Log in</title>");
      return true;
    },
  });
  try {
    const options = { endpoint: receiver.endpoint, protocol: "http/json", retryBudgetMs: 60_000 };
    const { code, facts } = await start("send-slowly", { rounds: RECORDS, options }).end;
    const { delivered, pending, errors, events } = facts.books;
    const arrived = new Set(receiver.numbers).size;
    const areTold = errors.length === 2 && errors.every((text) => text.includes("that is no OTLP answer"));
    const holds =
      code === 0 && delivered === RECORDS && pending === 0 && arrived === RECORDS && areTold && events.length === 2;
    const good = `${of(arrived, RECORDS)} arrived; two outages told, and their ends`;
    return { holds, seen: holds ? good : JSON.stringify({ code, arrived, ...facts.books }) };
  } finally {
    receiver.close();
  }
}
