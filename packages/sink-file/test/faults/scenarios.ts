import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** One row of `docs/reliability.md`. */
export interface Scenario {
  readonly id: string;
  /** Row of the table in the design, §8. */
  readonly row: number;
  readonly injected: string;
  readonly promised: string;
  readonly run: (scale: "fast" | "campaign") => Promise<{ holds: boolean; skipped?: boolean; seen: string }>;
}

const folder = new URL("scenarios/", import.meta.url);

/** The programs of the scenarios run the built packages: a child of Node 20 reads no TypeScript. */
export const isBuilt: boolean = ["../../dist/index.js", "../../../logger-core/dist/index.js"].every((file) =>
  existsSync(fileURLToPath(new URL(file, import.meta.url))),
);

export const scenarios: readonly Scenario[] = await Promise.all(
  readdirSync(folder)
    .filter((name) => name.endsWith(".mjs"))
    .sort()
    .map((name) => import(new URL(name, folder).href) as Promise<Scenario>),
);
