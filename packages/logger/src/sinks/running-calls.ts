import { createAmbientValue } from "../runtime/index.ts";

/** One `flush` or `close` of a sink under way. */
interface RunningCall {
  readonly of: object;
  readonly outer: RunningCall | undefined;
  ended: boolean;
}

let ambient: ReturnType<typeof createAmbientValue<RunningCall>> | undefined;

/** Whether this call comes, however indirectly, from a call of the same sink that has not ended. */
export function isWithinCallOf(sink: object): boolean {
  for (let call = ambient?.get(); call !== undefined; call = call.outer)
    if (call.of === sink && !call.ended) return true;
  return false;
}

/** Calls a sink so that `isWithinCallOf` knows of it in all that it calls, until the answer is called. */
export function callSink<T>(sink: object, call: () => T): { readonly answer: T; readonly end: () => void } {
  ambient ??= createAmbientValue<RunningCall>();
  const running: RunningCall = { of: sink, outer: ambient.get(), ended: false };
  const end = (): void => {
    running.ended = true;
  };
  return { answer: ambient.run(running, call), end };
}
