/** The scenarios, as they are played in a process of their own: in real time, with a fresh subject. */
import { missingSinkMembers } from "@dagstack/logger-core";
import {
  CaseTime,
  callHook,
  NoSink,
  Station,
  StationContext,
  SubjectFault,
  seededRandom,
  suiteRecord,
} from "../station/index.ts";
import type { SinkSubject, SubjectInstance } from "../subject/index.ts";
import type { Escapes } from "./escapes.ts";
import type { ChildAnswer, ChildTask, Scenario } from "./task.ts";

type Play = (subject: SinkSubject, task: ChildTask, escapes: Escapes) => Promise<ChildAnswer>;

/** How many records an unbounded queue is given to grow by, and how big they are. */
const FLOOD = { records: 40_000, bytes: 3000, burst: 1000, giveUpMs: 12_000 } as const;
const DURABLE_RECORDS = 200;

export const scenarios: Readonly<Record<Scenario, Play>> = {
  async idle(subject, task) {
    const { station } = await open(subject, task);
    station.emit(5);
    return {};
  },

  async closed(subject, task) {
    const { station, instance } = await open(subject, task);
    station.emit(5);
    await station.close(1000);
    if (task.dispose && instance.dispose !== undefined) await callHook("dispose", async () => instance.dispose?.());
    return {};
  },

  async broken(subject, task, escapes) {
    for (const hook of ["fail", "reject"] as const) {
      await playBroken(subject, task, hook, (text) => {
        escapes.during = text;
      });
    }
    await playStalled(subject, task, (text) => {
      escapes.during = text;
    });
    return { escaped: escapes.texts() };
  },

  async stalled(subject, task) {
    const { station } = await open(subject, task, new ForgetfulContext());
    await station.fault("stall");
    const before = await memoryInUse();
    const emitted = await flood(station);
    return { emitted, grownBytes: (await memoryInUse()) - before };
  },

  async write(subject, task) {
    const { station } = await open(subject, task);
    station.emit(DURABLE_RECORDS);
    return { emitted: DURABLE_RECORDS, flushed: (await station.flush()).success };
  },

  async read(subject, task) {
    const { station } = await open(subject, task);
    const delivered = await station.deliveredNumbers();
    await station.end();
    return { delivered };
  },
};

/** Keeps nothing of what it is told, so that what is left in memory is the sink's. */
class ForgetfulContext extends StationContext {
  constructor() {
    super(new CaseTime("real").clock, Math.random);
  }

  override onDrop(): void {}

  override onError(): void {}

  override diagnostic(): void {}
}

async function open(
  subject: SinkSubject,
  task: ChildTask,
  context: StationContext = new StationContext(new CaseTime("real").clock, seededRandom(task.seed)),
): Promise<{ readonly station: Station; readonly instance: SubjectInstance }> {
  const { clock, random } = context;
  const env = { clock, random, context, folder: task.folder, signal: new AbortController().signal, settings: {} };
  const instance: SubjectInstance = task.alone
    ? { sink: await callHook("createAlone", async () => subject.createAlone?.(env)), delivered: () => [] }
    : await callHook("create", () => subject.create(env));
  if (typeof instance !== "object" || instance === null || typeof instance.delivered !== "function") {
    throw new SubjectFault("create", "did not answer { sink, delivered }");
  }
  const missing = missingSinkMembers(instance.sink);
  if (missing.length > 0) throw new NoSink(missing);
  const station = new Station(instance, context, new CaseTime("real"), subject.claims ?? {});
  station.attach();
  return { station, instance };
}

/** Deliveries fail or are refused; then they work again. */
async function playBroken(
  subject: SinkSubject,
  task: ChildTask,
  hook: "fail" | "reject",
  say: (during: string) => void,
): Promise<void> {
  const { station } = await open(subject, task);
  const breaks = station.hasFault(hook);
  if (breaks) await station.fault(hook);
  say(breaks ? (hook === "fail" ? "deliveries failed" : "deliveries were refused") : "it was used");
  station.emit(20);
  await station.flush(100);
  station.emit(5);
  if (breaks && station.hasFault("recover")) await station.fault("recover");
  await station.flush(100);
  say("it was closed");
  await station.close(500);
  await station.time.pass(20);
  await station.end();
}

/** Nothing moves: flushes run out of time, then close does, and records come after it. */
async function playStalled(subject: SinkSubject, task: ChildTask, say: (during: string) => void): Promise<void> {
  const { station } = await open(subject, task);
  const stalls = station.hasFault("stall");
  if (stalls) await station.fault("stall");
  say(stalls ? "the destination was stalled and flushes ran out of time" : "it was flushed fifteen times at once");
  station.emit(30);
  await Promise.all(Array.from({ length: 15 }, () => station.flush(50)));
  say(stalls ? "close ran out of time" : "it was closed");
  await station.close(100);
  station.emit(5);
  await Promise.all([station.flush(50), station.close(50)]);
  say(stalls ? "the destination came back after close" : "it had been closed");
  if (stalls && station.hasFault("recover")) await station.fault("recover");
  await station.time.pass(20);
  await station.end();
  await station.time.pass(20);
}

/** Emits more than any bounded queue would hold, and as long as it takes; how many records. */
async function flood(station: Station): Promise<number> {
  const giveUpAt = performance.now() + FLOOD.giveUpMs;
  for (let n = 1; n <= FLOOD.records; n++) {
    station.emitRecord(suiteRecord(n, { body: `conformance record ${n} ${freshText(n)}` }));
    if (performance.now() > giveUpAt) return n;
    if (n % FLOOD.burst === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return FLOOD.records;
}

/** A text with memory of its own: repeating and joining would share it. */
function freshText(n: number): string {
  return Buffer.alloc(FLOOD.bytes, `${n} `).toString("latin1");
}

/** Bytes in use once what can go has gone; needs `--expose-gc`. */
async function memoryInUse(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    globalThis.gc?.();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
