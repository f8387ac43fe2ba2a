// Bursts through a console sink while somebody stands between it and a pipe: what each way of doing that costs.
import { bodiesIn, inFolder, namedPipe, sleep } from "@dagstack/fault-harness";
import { waysToCallBack, waysToPassOn } from "./programs/put-between.mjs";
import { start } from "./start.mjs";

const RECORDS = 5_000;
const AT_ONCE = 2;
/** A busy machine may keep the reader from coming in time in one try, not in all; what is counted must be right in each. */
const TRIES = 4;

/**
 * Plays every way with a pipe that is read late and slowly, and with one that is read only when the process is gone.
 *
 * @param {string} [runtime] the binary; default this Node
 */
export async function playBetween(runtime) {
  const findings = [];
  let arrived = 0;
  let counted = 0;
  const plays = [...waysToPassOn, ...waysToCallBack].flatMap((how) => [true, false].map((isRead) => ({ how, isRead })));
  for (let i = 0; i < plays.length; i += AT_ONCE) {
    const group = plays.slice(i, i + AT_ONCE);
    for (const found of await Promise.all(group.map(({ how, isRead }) => bestOf(how, isRead, runtime)))) {
      arrived += found.arrived;
      counted += found.pending;
      if (found.problem !== undefined) findings.push(found.problem);
    }
  }
  return {
    findings,
    ways: waysToPassOn.length + waysToCallBack.length,
    emitted: plays.length * RECORDS,
    arrived,
    counted,
  };
}

async function bestOf(how, isRead, runtime) {
  for (let n = 1; ; n++) {
    const found = await play(how, isRead, runtime);
    if (!found.isLate || n === TRIES) return found;
  }
}

async function play(how, isRead, runtime) {
  return inFolder(async (folder) => {
    const pipe = namedPipe(folder);
    const { says, end } = start("between", { how, count: RECORDS }, { stdout: pipe.writer, runtime });
    pipe.closeWriter();
    await says("burst");
    if (isRead) await sleep(300);
    if (isRead) pipe.read(5);
    const { code, facts, stderr } = await end;
    if (!isRead) pipe.read();
    const numbers = bodiesIn((await pipe.text).replaceAll(/^\n/gm, "")).filter((body) => typeof body === "number");
    const { delivered, pending, dropped } = facts.books ?? {};
    const isInOrder = numbers.every((number, i) => number === i);
    const isExact =
      delivered === numbers.length && delivered + pending === RECORDS && Object.keys(dropped).length === 0;
    const isWritten = !isRead || !waysToPassOn.includes(how) || numbers.length === RECORDS;
    const isRight = code === 3 && isInOrder && isExact && stderr === "";
    const holds = isRight && isWritten;
    const seen = JSON.stringify({ code, arrived: numbers.length, isInOrder, books: facts.books, stderr });
    return {
      arrived: numbers.length,
      pending: pending ?? 0,
      problem: holds ? undefined : `${how}, read: ${isRead}: ${seen}`,
    };
  });
}
