import { runCommand } from "./run-command.mjs";

/** Runs only where a collector is named: `npm test` must not build one, which takes minutes. */
export async function collector(tally) {
  const binary = process.env.OTELCOL_BIN;
  if (!binary) return tally.skip("no collector (.ci/run builds one where Go is; or set OTELCOL_BIN to a binary)");
  const main = "packages/sink-otlp/test/collector/main.mjs";
  const { ok, output } = await runCommand("node", [main, binary], { timeoutMs: 900_000 });
  const counts = /^(\d+) passed, (\d+) failed$/m.exec(output);
  tally.pass(Number(counts?.[1] ?? 0));
  if (ok) for (const [line] of output.matchAll(/^✓ .*$/gm)) tally.note(line);
  if (!ok || counts === null) tally.fail("the sink against a collector", output, Math.max(1, Number(counts?.[2] ?? 1)));
}
