import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, workspacePackages } from "../workspace.mjs";
import { markdownPrograms } from "./markdown-programs.mjs";
import { runCommand } from "./run-command.mjs";

/** Not ours to compile here: templates are no programs yet, and the stranger's code is compiled at the stranger's (third-party). */
const elsewhere =
  /(^|\/)CHANGELOG\.md$|\.api\.md$|^\.changeset\/|\/fixtures\/|\/templates\/|^examples\/third-party-sink\//;

/** What a reader's project may have besides our packages. */
const alsoInstalled = ["vitest", "@types/node"];

const tsconfig = {
  compilerOptions: {
    target: "ES2022",
    lib: ["ES2023", "ESNext.Disposable", "DOM"],
    module: "NodeNext",
    moduleResolution: "NodeNext",
    moduleDetection: "force",
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    types: ["node"],
    rootDir: ".",
    outDir: "out",
  },
  include: ["*.ts"],
};

async function markdownFiles() {
  const { ok, output } = await runCommand("git", [
    "ls-files",
    "-z",
    "--cached",
    "--others",
    "--exclude-standard",
    "*.md",
  ]);
  if (!ok) return undefined;
  const isOurs = (file) => file !== "" && !elsewhere.test(file);
  return output.split("\0").filter((file) => isOurs(file) && existsSync(join(root, file)));
}

function makeFolder(project) {
  const folder = join(project, "docs-code");
  const homes = [root, ...workspacePackages().map(({ path }) => path)].map((path) => join(path, "node_modules"));
  for (const name of alsoInstalled) {
    const home = homes.find((candidate) => existsSync(join(candidate, name)));
    if (home === undefined) throw new Error(`${name} is in no node_modules of the workspace`);
    const link = join(folder, "node_modules", name);
    mkdirSync(join(link, ".."), { recursive: true });
    symlinkSync(join(home, name), link, "junction");
  }
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
  return folder;
}

/** Every program in our Markdown, compiled against the installed packages and run in an empty folder. */
export async function docsCode(tally, context) {
  const files = await markdownFiles();
  if (files === undefined) return tally.skip("not a git checkout, so there is no list of files");
  const folder = makeFolder(await context.installed());
  const programs = [];
  let sketches = 0;
  for (const file of files) {
    const found = markdownPrograms(readFileSync(join(root, file), "utf8"));
    for (const problem of found.problems) tally.fail(`${file}: ${problem}`);
    sketches += found.sketches;
    for (const program of found.programs) {
      const name = `${file.replace(/\.md$/, "").replaceAll(/[^\w-]+/g, "-")}-L${program.line}`;
      writeFileSync(join(folder, `${name}.ts`), program.code);
      programs.push({ ...program, name, title: `${file}:${program.line}` });
    }
  }
  tally.note(`${programs.length} programs in ${files.length} files, ${sketches} sketches left out`);
  if (programs.length === 0) return tally.skip("no program in any Markdown file");
  const compiled = await runCommand("tsc", ["-p", folder, "--pretty", "false"], { cwd: folder });
  for (const program of programs) await checkProgram(tally, program, folder, compiled.output);
  if (!compiled.ok && tally.failed === 0) tally.fail("tsc", compiled.output);
}

async function checkProgram(tally, { name, title, run }, folder, compilerOutput) {
  const errors = compilerOutput.split("\n").filter((line) => line.startsWith(`${name}.ts(`));
  if (!tally.expect(errors.length === 0, `${title} does not compile`, errors.join("\n")) || !run) return;
  const cwd = join(folder, "run", name);
  mkdirSync(cwd, { recursive: true });
  const ran = await runCommand("node", [join(folder, "out", `${name}.js`)], { cwd, timeoutMs: 30_000 });
  tally.command(`${title} does not run`, ran);
}
