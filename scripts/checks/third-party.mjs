// What an author elsewhere does, as they would do it: install from a registry, build, test, run the suite.
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../workspace.mjs";
import { markdownPrograms } from "./markdown-programs.mjs";
import { runCommand } from "./run-command.mjs";
import { startTarballRegistry } from "./tarball-registry.mjs";

const example = join(root, "examples", "third-party-sink");

/** Repositories that `npm create @dagstack/sink` writes, by folder. */
const created = {
  "sink-beacon": ["--name", "@acme/sink-beacon", "--template", "sync"],
  "sink-http": ["--name", "@acme/sink-http", "--template", "remote"],
};

export async function thirdParty(tally, context) {
  const registry = await startTarballRegistry(await context.tarballs());
  try {
    const stranger = new Stranger(tally, { ...registry.env, npm_config_yes: "true" }, context);
    const repositories = [stranger.copy("third-party-sink"), ...(await stranger.create())];
    // All at once: npm waits for disk and network, the suite for its clocks.
    await Promise.all(repositories.map((folder) => stranger.prove(folder)));
  } finally {
    await registry.close();
  }
}

class Stranger {
  #tally;
  #env;
  #context;
  #home;

  constructor(tally, env, context) {
    this.#tally = tally;
    this.#env = env;
    this.#context = context;
    this.#home = context.folder("third-party");
  }

  /** The example as a clone would have it: what git ignores stays behind. */
  copy(name) {
    const folder = join(this.#home, name);
    cpSync(example, folder, { recursive: true, filter: (path) => !/[\\/](node_modules|dist)$/.test(path) });
    return folder;
  }

  /** What npm keeps of a command it runs without installing is keyed by version, and ours does not change here. */
  async create() {
    const env = { npm_config_cache: this.#context.folder("third-party-npm-cache") };
    const folders = [];
    for (const [name, args] of Object.entries(created)) {
      const command = ["create", "@dagstack/sink", name, "--", ...args];
      const ok = await this.#run(`npm ${command.join(" ")}`, "npm", command, this.#home, env);
      if (ok) folders.push(join(this.#home, name));
    }
    return folders;
  }

  /** Each step needs the one before it. */
  async prove(folder) {
    const name = folder.slice(this.#home.length + 1);
    const npm = (...args) => this.#run(`${name}: npm ${args.join(" ")}`, "npm", args, folder);
    if (!(await npm("install", "--prefer-offline", "--no-audit", "--no-fund", "--no-progress"))) return;
    this.#installedOnce(name, folder);
    if (!(await npm("test"))) return;
    const suite = ["--no", "--", "sink-conformance", "conformance/subject.js"];
    await this.#run(`${name}: npx sink-conformance`, "npx", suite, folder);
    await this.#run(`${name}: npm pack`, "npm", ["pack", "--dry-run"], folder);
    await this.#readme(name, folder);
  }

  #installedOnce(name, folder) {
    const modules = join(folder, "node_modules", "@dagstack");
    const nested = readdirSync(modules).filter((own) => existsSync(join(modules, own, "node_modules", "@dagstack")));
    this.#tally.expect(nested.length === 0, `${name}: a second copy of our packages`, nested.join("\n"));
  }

  /** The code in the README compiles in the repository itself, whose name it imports. */
  async #readme(name, folder) {
    const { programs } = markdownPrograms(readFileSync(join(folder, "README.md"), "utf8"));
    for (const [index, { code }] of programs.entries()) writeFileSync(join(folder, "src", `readme-${index}.ts`), code);
    await this.#run(`${name}: code of the README`, "npm", ["run", "typecheck"], folder);
    this.#tally.expect(programs.length > 0, `${name}: no code in the README`);
  }

  async #run(title, command, args, cwd, env = {}) {
    // What npm exports for its own scripts would lead npm back to this repository.
    const clean = Object.fromEntries(
      Object.keys(process.env)
        .filter((key) => /^npm_(?!config_)/.test(key))
        .map((key) => [key, undefined]),
    );
    const options = { cwd, env: { ...clean, ...this.#env, ...env }, timeoutMs: 180_000 };
    return this.#tally.command(title, await runCommand(command, args, options));
  }
}
