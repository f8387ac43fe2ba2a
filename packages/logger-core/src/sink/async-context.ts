/** Runs `work` in some asynchronous context and answers what it answers. */
export type RunInContext = <Result>(work: () => Result) => Result;

/** What the runtime has for it, if anything. */
interface Process {
  getBuiltinModule?(name: string): { readonly AsyncLocalStorage?: { snapshot?(): RunInContext } } | undefined;
}

const runHere: RunInContext = (work) => work();

/**
 * Remembers the asynchronous context of the caller, as `AsyncLocalStorage` sees it. A sink calls it when it is made and
 * runs all foreign code through the answer: otherwise a callback would run as the user, and in the trace, of whichever
 * record happened to start it. Costs a call about 0.1 µs; where a runtime has no such contexts, nothing.
 */
export function captureAsyncContext(): RunInContext {
  try {
    const { process } = globalThis as { readonly process?: Process };
    return process?.getBuiltinModule?.("node:async_hooks")?.AsyncLocalStorage?.snapshot?.() ?? runHere;
  } catch {
    return runHere; // a runtime that forbids the look: nothing is lost, foreign code runs where it is called
  }
}
