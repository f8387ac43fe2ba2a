import type { ConsoleStream } from "../runtime/index.ts";

/** What is told of a chunk while foreign code has it. */
export interface ForeignCallEvents {
  /** So many bytes of the chunk are out. */
  written(bytes: number): void;
  /** Trouble that may pass. */
  delayed(error: unknown): void;
  /** All that standard streams have of it so far is out, or lost. */
  settled(): void;
}

/** One call of foreign code, and what that passed on to the standard streams of the process. */
export interface ForeignCall {
  /** Whether a standard stream took anything. */
  readonly isAny: boolean;
  /** Whether it was the chunk, as it is. */
  readonly isWhole: boolean;
  readonly isOut: boolean;
  /** Why some of it is lost. */
  readonly error: unknown;
  /** @param called the stream whose `write` is called: if that was replaced, what gets past it is watched too. */
  run(call: () => void, called: ConsoleStream): void;
  /** Nothing more of the chunk is waited for. */
  end(): void;
}

/** Watches over calls of foreign code. */
export interface ForeignCalls {
  start(chunk: Uint8Array, events: ForeignCallEvents): ForeignCall;
  /** Gets out now what was passed on; for process exit. */
  finishSync(): void;
}

const UNWATCHED_CALL: ForeignCall = {
  isAny: false,
  isWhole: false,
  isOut: true,
  error: undefined,
  run: (call) => call(),
  end: () => {},
};

/** Where there are no standard streams. */
export const UNWATCHED: ForeignCalls = { start: () => UNWATCHED_CALL, finishSync: () => {} };
