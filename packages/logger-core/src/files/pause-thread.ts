const sleeping = new Int32Array(new SharedArrayBuffer(4));

/** Stops the thread, which is what a caller on its only thread can do to wait for another process. */
export function pauseThread(ms: number): void {
  Atomics.wait(sleeping, 0, 0, ms);
}
