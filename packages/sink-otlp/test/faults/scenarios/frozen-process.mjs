import { becomes, sleep } from "@dagstack/fault-harness";
import { startReceiver } from "../receiver.mjs";
import { start } from "../start.mjs";

const TIMEOUT_MS = 3_000;
/** In the last moment of that time, with room for a machine that is busy. */
const STOPPED_AFTER_MS = 2_200;
const FROZEN_MS = 2_500;

export const id = "frozen-process";
export const row = 11;
export const alone = true;
export const injected =
  "a process stopped (SIGSTOP) for 2.5 s while a request is under way, 2.2 of the 3 s of its `timeoutMs` gone; the receiver answers meanwhile, or 300 ms after it goes on";
export const promised = "no time-out and no double: time that passed while nothing ran is not the receiver's fault";

export async function run(scale) {
  if (process.platform === "win32") return { holds: true, skipped: true, seen: "no SIGSTOP" };
  const findings = [];
  const rounds = scale === "campaign" ? 5 : 1;
  for (let round = 0; round < rounds; round++) {
    for (const answersLate of [false, true]) {
      const problem = await once(answersLate);
      if (problem !== undefined) findings.push(`answered ${answersLate ? "after" : "meanwhile"}: ${problem}`);
    }
  }
  const good = "one request each, delivered, 0 diagnostics";
  return { holds: findings.length === 0, seen: findings.length === 0 ? good : findings.join("; ") };
}

async function once(answersLate) {
  let finish;
  const receiver = await startReceiver({
    answer({ done }) {
      if (finish !== undefined) return false;
      finish = done;
      return true;
    },
  });
  try {
    const options = { endpoint: receiver.endpoint, protocol: "http/json", timeoutMs: TIMEOUT_MS };
    const { child, end } = start("send-slowly", { rounds: 1, options });
    if (!(await becomes(() => finish !== undefined, 10_000))) return "no request came";
    await sleep(STOPPED_AFTER_MS);
    child.kill("SIGSTOP");
    if (!answersLate) finish();
    await sleep(FROZEN_MS);
    child.kill("SIGCONT");
    if (answersLate) setTimeout(finish, 300);
    const { code, facts } = await end;
    const { delivered, errors, events } = facts.books;
    const isQuiet = errors.length === 0 && events.length === 0;
    if (code === 0 && isQuiet && delivered === 1 && receiver.requests() === 1 && receiver.numbers.length === 1) return;
    return JSON.stringify({ code, requests: receiver.requests(), ...facts.books });
  } finally {
    receiver.close();
  }
}
