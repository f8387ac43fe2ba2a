import { of } from "@dagstack/fault-harness";
import { startReceiver } from "../receiver.mjs";
import { start } from "../start.mjs";

export const id = "idle-connections";
export const row = 11;
export const injected =
  "a receiver that closes each kept connection at the very moment of its second request, in good order or by a reset";
export const promised = "no outage: every record arrives once, at once, and not one diagnostic";

export async function run(scale) {
  const rounds = scale === "campaign" ? 500 : 40;
  const used = new WeakSet();
  const receiver = await startReceiver({
    answer({ request: { socket }, nth }) {
      if (!used.has(socket)) {
        used.add(socket);
        return false;
      }
      if (nth % 4 === 1) socket.destroy();
      else socket.resetAndDestroy();
      return true;
    },
  });
  try {
    const options = { endpoint: receiver.endpoint, protocol: "http/json" };
    const { code, stderr, facts } = await start("send-slowly", { rounds, options }).end;
    const { delivered, errors, events } = facts.books;
    const arrived = new Set(receiver.numbers).size;
    const isQuiet = errors.length === 0 && events.length === 0 && stderr === "";
    const holds =
      code === 0 && isQuiet && delivered === rounds && arrived === rounds && receiver.numbers.length === rounds;
    const good = `${of(arrived, rounds)} records, once each, over ${receiver.connections()} connections; 0 diagnostics`;
    return { holds, seen: holds ? good : JSON.stringify({ code, arrived, ...facts.books, stderr }) };
  } finally {
    receiver.close();
  }
}
