/** Where a check works: it opens stations, each a fresh sink of the subject, and everything is put away afterwards. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { missingSinkMembers } from "@dagstack/logger-core";
import type { SinkClaims, SinkSubject, SubjectEnv, SubjectSettings } from "../subject/index.ts";
import { CaseTime } from "./case-time.ts";
import { callHook, Station } from "./station.ts";
import { StationContext } from "./station-context.ts";
import { NoSink, NotApplicable, SubjectFault } from "./verdicts.ts";

export class Lab {
  readonly subject: SinkSubject;
  readonly claims: SinkClaims;
  /** What chance is seeded with. */
  readonly seed: number;
  readonly #ended = new AbortController();
  readonly #folders: string[] = [];
  readonly #stations: Station[] = [];

  constructor(subject: SinkSubject, seed: number) {
    this.subject = subject;
    this.claims = subject.claims ?? {};
    this.seed = seed;
  }

  /** A fresh sink with its destination, attached. */
  async open(settings: SubjectSettings = {}, options: { readonly attach?: boolean } = {}): Promise<Station> {
    const time = new CaseTime(this.subject.time ?? "real");
    const context = new StationContext(time.clock, seededRandom(this.seed));
    const env = await this.env(context, settings);
    const instance = await callHook("create", () => this.subject.create(env));
    if (typeof instance !== "object" || instance === null || typeof instance.delivered !== "function") {
      throw new SubjectFault("create", "did not answer { sink, delivered }");
    }
    const missing = missingSinkMembers(instance.sink);
    if (missing.length > 0) throw new NoSink(missing);
    const station = new Station(instance, context, time, this.claims);
    this.#stations.push(station);
    const leftovers = await station.delivered();
    if (leftovers.length > 0) {
      throw new SubjectFault("create", `leaks between cases: a new instance shows ${leftovers.length} records`);
    }
    if (options.attach !== false) station.attach();
    return station;
  }

  /** What `create` gets. */
  async env(context: StationContext, settings: SubjectSettings): Promise<SubjectEnv> {
    const { clock, random } = context;
    return { clock, random, context, folder: await this.folder(), signal: this.#ended.signal, settings };
  }

  /** A new empty folder, removed at the end. */
  async folder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "sink-conformance-"));
    this.#folders.push(folder);
    return folder;
  }

  /** Ends the check: the rule says nothing about this sink. */
  notApplicable(reason: string): never {
    throw new NotApplicable(reason);
  }

  /** Puts everything away. @throws SubjectFault when the subject cannot. */
  async end(): Promise<void> {
    try {
      for (const station of this.#stations) await station.end();
    } finally {
      this.#ended.abort();
      for (const folder of this.#folders) await rm(folder, { recursive: true, force: true });
    }
  }
}

/** Mulberry32: small, and the same everywhere. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
