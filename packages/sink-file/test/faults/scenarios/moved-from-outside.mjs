import { copyFileSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inFolder, sleep } from "@dagstack/fault-harness";
import { start } from "../start.mjs";

export const id = "moved-from-outside";
export const row = 10;
export const injected =
  "the live file renamed, unlinked, emptied, renamed and created anew (logrotate `create`), copied and emptied (`copytruncate`); with and without rotation of our own";
export const promised = "new lines in the live path at most 1 s later, without a signal";
/** Ten processes by itself, none of which may be silent for 300 ms. */
export const alone = true;

const actions = {
  rename: (path) => renameSync(path, `${path}.away`),
  unlink: (path) => rmSync(path),
  truncate: (path) => truncateSync(path),
  create: (path) => {
    renameSync(path, `${path}.away`);
    writeFileSync(path, "");
  },
  copytruncate: (path) => {
    copyFileSync(path, `${path}.away`);
    truncateSync(path);
  },
};

export const run = async () => {
  const cases = Object.keys(actions).flatMap((name) => [
    [name, {}],
    [name, { rotation: { size: "1MB", keep: 3 } }],
  ]);
  const results = await Promise.all(cases.map(([name, options]) => once(name, options)));
  const bad = results.flatMap((found, i) =>
    found === "" ? [] : [`${cases[i][0]} ${JSON.stringify(cases[i][1])}: ${found}`],
  );
  return { holds: bad.length === 0, seen: [`${cases.length - bad.length} of ${cases.length}`, ...bad].join("; ") };
};

/** What is wrong, if anything. */
function once(name, options) {
  return inFolder(async (folder) => {
    const path = join(folder, "f");
    const { child, says, end } = start("log-steadily", { path, options }, { stdin: "pipe" });
    await says("ready");
    await sleep(300);
    actions[name](path);
    const movedMs = Date.now();
    await sleep(1_500);
    child.stdin.end();
    const { code, facts, stderr } = await end;
    if (code !== 0) return stderr;
    const times = [];
    for (const line of readFileSync(path, "utf8").split("\n").slice(0, -1)) times.push(JSON.parse(line).ms);
    const { errors, delivered } = facts;
    if (errors.length > 0) return `errors ${JSON.stringify(errors)}`;
    if (delivered < 100) return `${delivered} lines in all`;
    const first = times.find((ms) => ms >= movedMs);
    if (first === undefined || first > movedMs + 1_000) return `the first new line came after ${first - movedMs} ms`;
    const late = times.filter((ms) => ms >= first);
    return late.every((ms, i) => i === 0 || ms - late[i - 1] < 300) ? "" : "lines are missing";
  });
}
