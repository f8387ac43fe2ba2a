// node test/faults/run.mjs [id] [campaign]: runs one scenario, or all of them, and says what was seen.
import { readdirSync } from "node:fs";

const isCampaign = process.argv.includes("campaign");
const wanted = process.argv[2] === "campaign" ? undefined : process.argv[2];
const names = readdirSync(new URL("scenarios/", import.meta.url)).filter((name) => name.endsWith(".mjs"));
if (wanted !== undefined && !names.includes(`${wanted}.mjs`)) throw new Error(`there are ${names.join(" ")}`);
for (const name of names.sort()) {
  if (wanted !== undefined && name !== `${wanted}.mjs`) continue;
  const { id, injected, promised, run } = await import(new URL(`scenarios/${name}`, import.meta.url));
  const { holds, skipped, seen } = await run(isCampaign ? "campaign" : "fast");
  console.log(`${id}: ${skipped ? "skipped" : holds ? "holds" : "DOES NOT HOLD"}`);
  console.log(`  injected: ${injected}\n  promised: ${promised}\n  seen:     ${seen}`);
  if (!holds && !skipped) process.exitCode = 1;
}
