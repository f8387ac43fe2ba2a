import { count } from "@dagstack/fault-harness";
import { startReceiver } from "../receiver.mjs";
import { start } from "../start.mjs";

const STATUSES = [413, 401, 429, 503, 200];
const ENDINGS = {
  "closes in good order": (socket, text) => socket.end(text),
  "closes with what was sent unread": (socket, text) => socket.write(text, () => socket.destroy()),
  resets: (socket, text) => socket.write(text, () => socket.resetAndDestroy()),
  "resets without an answer": (socket) => socket.resetAndDestroy(),
};
const SENDERS = { "node:http": {}, "with gzip": { compression: "gzip" }, fetch: { fetch: true } };
const RECORDS = 45;
/** In each process: every further one would double the back-off. */
const EARLY = 3;

export const id = "early-answer";
export const row = 11;
export const injected =
  "a receiver that answers 413, 401, 429, 503 or 200 before it has read the request (4 MB), then closes or resets, as proxies do";
export const promised = "the process lives, nothing on stderr; every record is delivered or counted";

export async function run(scale) {
  const findings = [];
  const rounds = scale === "campaign" ? 5 : 1;
  const cases = Object.entries(SENDERS).flatMap(([sender, options]) =>
    Object.entries(ENDINGS).map(([ending, end]) => ({ name: `${sender}, ${ending}`, options, end })),
  );
  const ended = rounds * cases.length;
  for (let round = 0; round < rounds; round++) {
    const problems = cases.map(async ({ name, end, options }, at) => {
      const problem = await once(end, options, round + at); // most of its time is back-off
      if (problem !== undefined) findings.push(`${name}: ${problem}`);
    });
    await Promise.all(problems);
  }
  const good = `${count(ended)} processes, ${count(ended * EARLY)} early answers: 0 crashes, all books add up`;
  return { holds: findings.length === 0, seen: findings.length === 0 ? good : findings.join("; ") };
}

async function once(end, options, from) {
  let early = 0;
  const receiver = await startReceiver({
    connected(socket) {
      if (early === EARLY) return false;
      const status = STATUSES[(from + early++) % STATUSES.length];
      socket.once("data", () => {
        socket.pause();
        end(socket, `HTTP/1.1 ${status} Early\r\ncontent-length: 2\r\nconnection: keep-alive\r\n\r\nno`);
      });
      return true;
    },
  });
  try {
    const sink = { endpoint: receiver.endpoint, protocol: "http/json", ...options };
    const { code, signal, stderr, facts } = await start("send-large", { records: RECORDS, options: sink }).end;
    if (code !== 0 || stderr !== "") return `ended with ${signal ?? code}: ${stderr.slice(0, 300)}`;
    const { accepted, delivered, pending, dropped } = facts.books;
    const lost = Object.values(dropped).reduce((sum, n) => sum + n, 0);
    if (accepted !== RECORDS || pending !== 0 || delivered + lost !== RECORDS) return JSON.stringify(facts.books);
    // What was answered 200 unread counts as delivered, as the receiver said.
    const arrived = new Set(receiver.numbers).size;
    return arrived + lost > RECORDS || arrived > delivered
      ? `${arrived} arrived: ${JSON.stringify(facts.books)}`
      : undefined;
  } finally {
    receiver.close();
  }
}
