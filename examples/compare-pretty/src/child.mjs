// Runs a program with one logger, as if on a terminal of so many columns: `node child.mjs <logger> <program> <columns>`.

const [logger, program, columns] = process.argv.slice(2);
for (const stream of [process.stdout, process.stderr]) {
  Object.assign(stream, { isTTY: true, columns: Number(columns), hasColors: () => true, getColorDepth: () => 4 });
}
const { log } = await import(`./loggers/${logger}.mjs`);
const { run } = await import(`./${program}.mjs`);
await run(log);
