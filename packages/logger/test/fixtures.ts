import { readFileSync } from "node:fs";

/** One of the data files that the contract's cases are kept in. */
export function readFixture<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(`../../../conformance/fixtures/${path}`, import.meta.url), "utf8")) as T;
}
