// `pnpm release`: publishes every version that the registry does not have yet, after a build that owes nothing to a cache.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { publicPackages, root } from "./workspace.mjs";

for (const { path } of publicPackages()) rmSync(join(path, "dist"), { recursive: true, force: true });

for (const [command, ...args] of [
  ["turbo", "run", "build", "--force"],
  ["changeset", "publish"],
]) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit", shell: process.platform === "win32" });
  if (status !== 0) process.exit(status ?? 1);
}
