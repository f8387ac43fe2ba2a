import { join } from "node:path";
import { count, inFolder } from "@dagstack/fault-harness";
import { compare, readNumbers } from "../numbered-lines.mjs";
import { start } from "../start.mjs";

/** With how long it may take until the path is opened again. */
const errors = [
  { error: { code: "UNKNOWN", errno: -116 }, withinMs: 1_000 },
  { error: { code: "ESTALE", errno: -116 }, withinMs: 1_000 },
  { error: { code: "EBADF" }, withinMs: 1_000 },
  { error: { code: "ENODEV" }, withinMs: 1_000 },
  { error: { code: "ENOSPC" }, withinMs: 6_000 },
];

export const id = "stale-handle";
export const row = 8;
export const injected =
  "the open descriptor answers every write with UNKNOWN (errno −116, a stale handle of NFS), ESTALE, EBADF, ENODEV, or for seconds ENOSPC, while the path can be opened; with and without rotation";
export const promised = "the path is opened again within a second, after ENOSPC when it lasts; 0 lost, 0 twice";

export const run = () =>
  inFolder(async (folder) => {
    const problems = [];
    let lines = 0;
    const cases = errors.flatMap((fault) =>
      [undefined, { size: 100_000, keep: 3 }].map((rotation) => ({ ...fault, rotation })),
    );
    await Promise.all(
      cases.map(async ({ error, withinMs, rotation }, i) => {
        const path = join(folder, `f${i}`);
        const options = rotation === undefined ? {} : { rotation };
        const { facts, stderr } = await start("stale-handle", { path, error, options }).end;
        const { numbers, torn, broken } = readNumbers(path);
        const { lost, twice } = compare(
          Array.from({ length: facts.number ?? 1 }, (_, n) => n),
          numbers,
        );
        lines += facts.number ?? 0;
        if (lost + twice + torn + broken > 0 || !facts.success || facts.againMs > withinMs) {
          problems.push(`${error.code}: ${lost} lost, ${twice} twice, ${JSON.stringify(facts)} ${stderr}`);
        }
      }),
    );
    const good = `${count(lines)} of ${count(lines)} in ${cases.length} cases, opened again in time`;
    return { holds: problems.length === 0, seen: problems.length === 0 ? good : problems.join("; ") };
  });
