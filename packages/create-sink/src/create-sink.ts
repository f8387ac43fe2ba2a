/** The whole command. */
import { join, resolve } from "node:path";
import { readCommandLine, USAGE } from "./command-line.ts";
import { makePlan, type Plan } from "./plan.ts";
import { repositoryFiles } from "./repository-files.ts";
import { requireEmptyFolder, writeRepository } from "./target-folder.ts";
import type { Dialogue } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";
import { readVersions } from "./versions.ts";

/** Where the command runs. */
export interface Surroundings {
  /** This package: its `package.json` and `templates`. */
  readonly packageFolder: string;
  readonly cwd: string;
  readonly terminal: Dialogue;
}

/**
 * Runs the command; resolves to the exit status: 0 done, 1 could not write, 2 the arguments are wrong. Never rejects,
 * and writes nothing unless everything was checked.
 */
export async function createSink(
  args: readonly string[],
  { packageFolder, cwd, terminal }: Surroundings,
): Promise<number> {
  try {
    const line = readCommandLine(args);
    if (line.help) {
      terminal.say(USAGE);
      return 0;
    }
    if (line.folder !== undefined) requireEmptyFolder(resolve(cwd, line.folder), line.folder);
    const plan = await makePlan(line, cwd, terminal);
    const folder = resolve(cwd, plan.folder);
    requireEmptyFolder(folder, plan.folder);
    const files = repositoryFiles(join(packageFolder, "templates"), plan, readVersions(packageFolder));
    writeRepository(folder, files);
    terminal.say(nextSteps(plan, files.size));
    return 0;
  } catch (error) {
    terminal.complain(`create-sink: ${error instanceof Error ? error.message : String(error)}`);
    if (!(error instanceof UsageError)) return 1;
    terminal.complain("create-sink --help says more");
    return 2;
  }
}

function nextSteps({ folder, name, template }: Plan, count: number): string {
  return `${name}: ${count} files in ${folder}, template ${template}

  cd ${folder}
  npm install
  npm test                 builds, checks types, runs the tests and the conformance suite
  npm run conformance      the suite alone, with a report
  npm run certify          the certificate for the README`;
}
