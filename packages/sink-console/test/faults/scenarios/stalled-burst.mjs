import { bodiesIn, inFolder, namedPipe, of } from "@dagstack/fault-harness";
import { start } from "../start.mjs";

const RECORDS = 1_000_000;
const BUFFER_BYTES = 16 * 1024 * 1024;
const SLACK_BYTES = 64 * 1000 * 1000;
/** The promise, and what a busy machine may add to it. */
const LONGEST_MS = 100 + 500;
const HELD_MS = 1000 + 3000;

export const id = "stalled-burst";
export const row = 5;
export const injected =
  "a burst of 1 000 000 records onto a pipe that nobody reads; afterwards somebody does. V8's semi-spaces limited to 4 MB: by themselves they may take 48 MB in Node 20 and 96 MB in Node 24";
export const promised =
  "memory grows by at most the buffer's 16 MiB + 64 MB; drops exact, oldest first; no call held longer than 100 ms, a second in all; what waited comes out whole";
/** Memory, and 100 ms for a call. */
export const alone = true;

/** What the collector leaves lying is not the sink's, and all but fills the bound: the sink's own share would not show. */
const flags = ["--max-semi-space-size=4"];

export const run = () =>
  inFolder(async (folder) => {
    const pipe = namedPipe(folder);
    const { says, end } = start(
      "burst",
      { count: RECORDS, maxBufferBytes: BUFFER_BYTES },
      { stdout: pipe.writer, flags },
    );
    pipe.closeWriter();
    await says("burst");
    pipe.read();
    const { code, facts } = await end;
    const bodies = bodiesIn(await pipe.text);
    const { books } = facts;
    const dropped = books.dropped.buffer_overflow ?? 0;
    // What the pipe had taken before it was full, a gap, and the newest to the last.
    const gaps = bodies.filter((body, i) => body !== (i === 0 ? 0 : bodies[i - 1] + 1)).length;
    const isOldest = gaps === 1 && bodies.at(-1) === RECORDS - 1;
    const isExact = bodies.length + dropped === RECORDS && books.delivered === bodies.length && books.pending === 0;
    const isBounded = facts.grown <= BUFFER_BYTES + SLACK_BYTES;
    const isHeldShortly = facts.longestMs <= LONGEST_MS && facts.heldMs <= HELD_MS;
    const holds = code === 0 && isOldest && isExact && isBounded && isHeldShortly;
    const good = [
      `${of(RECORDS, RECORDS)} accounted for`,
      "the oldest dropped, the newest delivered",
      "memory within the bound",
      "no call held longer than promised",
    ];
    return { holds, seen: holds ? good.join(", ") : JSON.stringify({ ...facts, read: bodies.length, gaps }) };
  });
