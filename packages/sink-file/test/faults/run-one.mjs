// node run-one.mjs <scenario> [campaign]: runs one scenario alone.
const [name, scale = "fast"] = process.argv.slice(2);
const { injected, promised, run } = await import(`./scenarios/${name}.mjs`);
const { holds, skipped, seen } = await run(scale);
console.log(`injected: ${injected}\npromised: ${promised}\nseen:     ${seen}`);
console.log(skipped ? "skipped" : holds ? "holds" : "does not hold");
process.exitCode = holds || skipped ? 0 : 1;
