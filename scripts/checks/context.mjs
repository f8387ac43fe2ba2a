// What steps share: made when the first step asks for it, and removed at the end.
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publicPackages } from "../workspace.mjs";
import { runCommand } from "./run-command.mjs";

export class CheckContext {
  #folder;
  #tarballs;
  #projects = new Map();

  /** An empty folder outside the repository, so that nothing resolves into the workspace by accident. */
  folder(name) {
    this.#folder ??= realpathSync(mkdtempSync(join(tmpdir(), "dagstack-check-")));
    const path = join(this.#folder, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  dispose() {
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Packs every public package: a map from package name to `{ manifest, path, tarball, error }`. */
  tarballs() {
    this.#tarballs ??= this.#pack();
    return this.#tarballs;
  }

  async #pack() {
    const packed = new Map();
    for (const { path, manifest } of publicPackages()) {
      const folder = this.folder(`tarballs/${manifest.name.replace("/", "-").replace("@", "")}`);
      const result = await runCommand("pnpm", ["pack", "--pack-destination", folder], { cwd: path });
      const file = readdirSync(folder).find((name) => name.endsWith(".tgz"));
      const tarball = file === undefined ? undefined : join(folder, file);
      packed.set(manifest.name, { manifest, path, tarball, error: result.ok ? undefined : result.output });
    }
    return packed;
  }

  /** An empty project with these packages installed from their tarballs; rejects when the install fails. */
  project(name, packageNames) {
    if (!this.#projects.has(name)) this.#projects.set(name, this.#install(name, packageNames));
    return this.#projects.get(name);
  }

  async #install(name, packageNames) {
    const folder = this.folder(name);
    const packed = await this.tarballs();
    const files = new Map([...packed].flatMap(([key, { tarball }]) => (tarball ? [[key, `file:${tarball}`]] : [])));
    const missing = packageNames.filter((key) => !files.has(key));
    if (missing.length > 0) throw new Error(`not packed: ${missing.join(", ")}`);
    const dependencies = Object.fromEntries(packageNames.map((key) => [key, files.get(key)]));
    // Their own versions are not in any registry yet, so what they depend on comes from the tarballs as well.
    const overrides = Object.fromEntries([...files].filter(([key]) => !(key in dependencies)));
    const manifest = {
      name: "empty-project",
      version: "1.0.0",
      private: true,
      type: "module",
      dependencies,
      overrides,
    };
    writeFileSync(join(folder, "package.json"), JSON.stringify(manifest, null, 2));
    const registryNeeded = packageNames.some((key) =>
      Object.keys(packed.get(key).manifest.dependencies ?? {}).some((dependency) => !packed.has(dependency)),
    );
    const args = [
      "install",
      "--no-audit",
      "--no-fund",
      "--no-progress",
      registryNeeded ? "--prefer-offline" : "--offline",
    ];
    const result = await runCommand("npm", args, { cwd: folder });
    if (!result.ok) throw new Error(`npm ${args.join(" ")} failed:\n${result.output}`);
    return folder;
  }

  /** Every public package, installed in one project. */
  async installed() {
    return this.project("installed", [...(await this.tarballs()).keys()]);
  }
}
