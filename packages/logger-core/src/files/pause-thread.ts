let sleeping: Int32Array | undefined;

/** Stops the thread, which is what a caller on its only thread can do to wait for another process. */
export function pauseThread(ms: number): void {
  // Made when needed: while a start-up snapshot is built there is no shared memory.
  sleeping ??= new Int32Array(new SharedArrayBuffer(4));
  Atomics.wait(sleeping, 0, 0, ms);
}
