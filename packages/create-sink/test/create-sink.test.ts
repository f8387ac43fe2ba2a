import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import { createSink } from "../src/create-sink.ts";
import { ScriptedDialogue } from "./scripted-dialogue.ts";

const ownFolder = dirname(dirname(fileURLToPath(import.meta.url)));
const versions = {
  "@dagstack/logger-core": "^1.2.0",
  "@dagstack/logger": "^1.3.0",
  "@dagstack/sink-conformance": "^1.0.1",
  "@types/node": "20.19.43",
  typescript: "7.0.2",
  "@changesets/cli": "2.31.1",
};
const COMMON = [
  ".changeset/config.json",
  ".changeset/first-release.md",
  ".github/workflows/ci.yml",
  ".gitignore",
  "LICENSE",
  "README.md",
  "conformance/subject.js",
  "package.json",
  "src/big-query-sink.ts",
  "src/index.ts",
  "test/big-query-sink.test.js",
  "test/conformance.test.js",
  "tsconfig.build.json",
  "tsconfig.json",
];
const FILES = { sync: COMMON, remote: [...COMMON, "conformance/receiver.js"].sort() };

let home: string;
/** This package as it is when packed. */
let packageFolder: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "create-sink-"));
  packageFolder = join(home, "package");
  mkdirSync(packageFolder);
  symlinkSync(join(ownFolder, "templates"), join(packageFolder, "templates"), "junction");
  writeFileSync(join(packageFolder, "package.json"), JSON.stringify({ devDependencies: versions }));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

async function create(...args: string[]): Promise<{ status: number; terminal: ScriptedDialogue; complaint: string }> {
  const terminal = new ScriptedDialogue();
  const status = await createSink(args, { packageFolder, cwd: home, terminal });
  return { status, terminal, complaint: terminal.complaints.join("\n") };
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

describe.each(["sync", "remote"] as const)("template %s", (template) => {
  const args = ["here", "--name", "@acme/sink-big-query", "--template", template];
  const read = (file: string): string => readFileSync(join(home, "here", file), "utf8");

  it("writes exactly these files, and says what comes next", async () => {
    const { status, terminal } = await create(...args);
    expect(status).toBe(0);
    expect(filesIn(join(home, "here"))).toEqual(FILES[template]);
    expect(terminal.complaints).toEqual([]);
    expect(terminal.said.join()).toMatch(/^@acme\/sink-big-query: 1[45] files in here[\s\S]*cd here[\s\S]*npm install/);
  });

  it("leaves no placeholder behind, in names or contents", async () => {
    await create(...args);
    for (const file of filesIn(join(home, "here"))) expect(file + read(file), file).not.toMatch(/__[A-Z]/);
  });

  it("names package, class and files after the package", async () => {
    await create(...args);
    expect(read("src/index.ts")).toContain(
      'export { BigQuerySink, type BigQuerySinkOptions } from "./big-query-sink.ts"',
    );
    expect(read("src/big-query-sink.ts")).toContain("export class BigQuerySink ");
    expect(read("conformance/subject.js")).toContain('name: "@acme/sink-big-query"');
    expect(read("README.md")).toMatch(/^# @acme\/sink-big-query\n/);
    expect(read(".changeset/first-release.md")).toContain('"@acme/sink-big-query": minor');
  });

  it("depends on core by range and on tools by exact version, nothing else", async () => {
    await create(...args);
    const { name, type, license, dependencies, devDependencies } = JSON.parse(read("package.json"));
    expect({ name, type, license }).toEqual({ name: "@acme/sink-big-query", type: "module", license: "UNLICENSED" });
    expect(dependencies).toEqual({ "@dagstack/logger-core": "^1.2.0" });
    expect(devDependencies).toEqual({
      "@changesets/cli": "2.31.1",
      "@dagstack/logger": "1.3.0",
      "@dagstack/sink-conformance": "1.0.1",
      "@types/node": "20.19.43",
      typescript: "7.0.2",
    });
  });

  it("has the README sections of every sink, in their order, with a place for the certificate", async () => {
    await create(...args);
    const readme = read("README.md");
    expect([...readme.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual([
      "Install",
      "Use",
      "Options",
      "Guarantees",
      "When the destination is down",
      "Conformance",
    ]);
    expect(readme).toMatch(/<!-- conformance:start -->\n<!-- conformance:end -->\n$/);
  });
});

describe("a folder that holds something", () => {
  const args = ["here", "--name", "@acme/sink-x", "--template", "sync"];

  it("is refused with status 2 and left alone", async () => {
    mkdirSync(join(home, "here"));
    writeFileSync(join(home, "here", "notes.txt"), "mine");
    const { status, complaint } = await create(...args);
    expect([status, complaint.split("\n")[0]]).toEqual([
      2,
      "create-sink: here: the folder is not empty, it holds notes.txt",
    ]);
    expect(filesIn(join(home, "here"))).toEqual(["notes.txt"]);
  });

  it("is refused before anything is asked", async () => {
    mkdirSync(join(home, "here"));
    writeFileSync(join(home, "here", "notes.txt"), "mine");
    const terminal = new ScriptedDialogue(["", "", ""]);
    expect(await createSink(["here"], { packageFolder, cwd: home, terminal })).toBe(2);
    expect(terminal.questions).toEqual([]);
  });

  it("is fine when that is nothing, or a repository without files", async () => {
    mkdirSync(join(home, "here", ".git"), { recursive: true });
    expect((await create(...args)).status).toBe(0);
  });

  it("is refused also when its name comes from the package's", async () => {
    mkdirSync(join(home, "sink-x", "src"), { recursive: true });
    expect((await create("--name", "@acme/sink-x", "--template", "sync")).complaint).toContain(
      "sink-x: the folder is not empty",
    );
  });

  it("may be no folder at all", async () => {
    writeFileSync(join(home, "here"), "mine");
    const { status, complaint } = await create(...args);
    expect([status, complaint]).toEqual([2, expect.stringContaining("here: not a folder")]);
  });
});

test("a slip in the arguments: one message, status 2, nothing written", async () => {
  const { status, terminal } = await create("here", "--template", "async");
  expect(status).toBe(2);
  expect(terminal.complaints).toEqual([
    expect.stringContaining('create-sink: --template "async"'),
    "create-sink --help says more",
  ]);
  expect(existsSync(join(home, "here"))).toBe(false);
});

test("arguments that are missing where nobody can be asked: all of them named, status 2", async () => {
  const { status, complaint } = await create("here");
  expect([status, complaint]).toEqual([2, expect.stringContaining("missing: --name, --template")]);
});

test("a file system that refuses is no usage error: status 1, with what it said", async () => {
  writeFileSync(join(home, "file"), "");
  symlinkSync(join(home, "nowhere", "at", "all"), join(home, "here"));
  const { status, complaint } = await create("here", "--name", "sink-x", "--template", "sync");
  expect([status, complaint]).toEqual([1, expect.stringMatching(/^create-sink: E[A-Z]+: .*here/)]);
});

test("--help says how, writes nothing, status 0", async () => {
  const { status, terminal } = await create("--help");
  expect([status, terminal.said.join()]).toEqual([0, expect.stringContaining("--template <name>")]);
});
