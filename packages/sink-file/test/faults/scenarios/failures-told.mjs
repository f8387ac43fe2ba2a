import { join } from "node:path";
import { inFolder } from "@dagstack/fault-harness";
import { start } from "../start.mjs";

const wanted = ["EACCES", "EDQUOT", "EIO", "EPERM"];

export const id = "failures-told";
export const row = 8;
export const injected =
  "four things that go wrong once, within a second: at the start, before anybody can be told (EACCES), a rename (EPERM), an fsync (EIO), a compression (EDQUOT); closed at once";
export const promised = "each is told, though no more than one a second is told while the sink is open";

export const run = () =>
  inFolder(async (folder) => {
    const { facts, stderr } = await start("failures-told", { path: join(folder, "f") }).end;
    const told = [...new Set(facts.errors?.map(({ code }) => code))].sort();
    const holds = told.join() === wanted.join() && facts.delivered === 10;
    return { holds, seen: holds ? "4 of 4 told" : `told: ${told} ${JSON.stringify(facts)} ${stderr}` };
  });
