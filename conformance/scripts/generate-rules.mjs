// npm run rules: writes RULES.md from the rules and from the planted bugs of the tests. The same test without -u fails while
// RULES.md is stale.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const home = join(dirname(fileURLToPath(import.meta.url)), "..");
const { status } = spawnSync("vitest", ["run", "test/rules-markdown.test.ts", "--update"], {
  cwd: home,
  stdio: "inherit",
  shell: process.platform === "win32",
  env: {
    ...process.env,
    PATH: `${join(home, "node_modules", ".bin")}${process.platform === "win32" ? ";" : ":"}${process.env.PATH}`,
  },
});
process.exitCode = status ?? 1;
