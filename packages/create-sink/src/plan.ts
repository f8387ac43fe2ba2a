/** From what was given to what will be written: by asking, by defaults, or not at all. */
import { basename, resolve } from "node:path";
import { type CommandLine, isTemplate, TEMPLATES, type TemplateName } from "./command-line.ts";
import { packageNameProblem } from "./package-name.ts";
import type { Dialogue } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** What to write, and where to. */
export interface Plan {
  /** As the caller would write it, relative to the working directory or absolute. */
  readonly folder: string;
  readonly name: string;
  readonly template: TemplateName;
}

const FALLBACK_TEMPLATE: TemplateName = "remote";

/**
 * Fills in what is missing.
 *
 * @throws UsageError naming everything that is missing when there is nobody to ask and `--yes` was not given.
 */
export async function makePlan(line: CommandLine, cwd: string, dialogue: Dialogue): Promise<Plan> {
  if (line.yes) return byDefault(line, cwd);
  const { folder, name, template } = line;
  if (name !== undefined && template !== undefined) return { folder: folder ?? lastPart(name), name, template };
  if (!dialogue.interactive) {
    const missing = [...(name === undefined ? ["--name"] : []), ...(template === undefined ? ["--template"] : [])];
    throw new UsageError(`missing: ${missing.join(", ")}; or --yes for the defaults`);
  }
  return await byAsking(line, cwd, dialogue);
}

function byDefault({ folder, name, template = FALLBACK_TEMPLATE }: CommandLine, cwd: string): Plan {
  if (name !== undefined) return { folder: folder ?? lastPart(name), name, template };
  if (folder === undefined) throw new UsageError("missing: --name or a folder, which would name the package");
  return { folder, name: validName(basename(resolve(cwd, folder))), template };
}

async function byAsking(line: CommandLine, cwd: string, dialogue: Dialogue): Promise<Plan> {
  const own = basename(resolve(cwd, line.folder ?? "sink-x"));
  const suggested = packageNameProblem(own) === undefined ? own : "sink-x";
  const ask = async (question: string, fallback: string, problem: (answer: string) => string | undefined) => {
    for (;;) {
      const answer = await dialogue.ask(question, fallback);
      const wrong = problem(answer);
      if (wrong === undefined) return answer;
      dialogue.complain(`${JSON.stringify(answer)}: ${wrong}`);
    }
  };
  const name = line.name ?? (await ask("name of the npm package?", suggested, packageNameProblem));
  const folder = line.folder ?? (await ask("folder?", lastPart(name), () => undefined));
  const choices = Object.keys(TEMPLATES).join(" or ");
  const template =
    line.template ??
    (await ask(`template, ${choices}?`, FALLBACK_TEMPLATE, (answer) =>
      isTemplate(answer) ? undefined : `there is ${choices}`,
    ));
  return { folder, name, template: template as TemplateName };
}

function validName(name: string): string {
  const problem = packageNameProblem(name);
  if (problem === undefined) return name;
  throw new UsageError(`the folder's name ${JSON.stringify(name)} names no package (${problem}): give --name`);
}

function lastPart(packageName: string): string {
  return packageName.split("/").at(-1) ?? packageName;
}
