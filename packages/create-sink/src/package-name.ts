/** Names: of npm packages, and what the code of a sink is called after its package. */
import { builtinModules } from "node:module";

const MAX_LENGTH = 214;
const PART = /^[a-z0-9][a-z0-9._-]*$/;
const RESERVED: readonly string[] = ["node_modules", "favicon.ico"];

/** What keeps npm from publishing a package under this name; `undefined` when nothing does. */
export function packageNameProblem(name: string): string | undefined {
  if (name === "") return "the name is empty";
  if (name.length > MAX_LENGTH) return `a package name has at most ${MAX_LENGTH} characters, this has ${name.length}`;
  if (name !== name.toLowerCase()) return "a package name has no capital letters";
  const parts = name.split("/");
  if (name.startsWith("@") ? parts.length !== 2 : parts.length !== 1) {
    return "a package name is either sink-x or @scope/sink-x";
  }
  const [scope, base = scope] = name.startsWith("@") ? name.slice(1).split("/") : ["x", name];
  if (![scope, base].every((part) => part !== undefined && PART.test(part))) {
    return "its parts hold a–z, 0–9, dots, dashes and underscores, and begin with a letter or a digit";
  }
  if (!name.startsWith("@") && (RESERVED.includes(name) || builtinModules.includes(name))) {
    return "npm does not allow this name";
  }
  return undefined;
}

/** What the files and the code of a sink are called. */
export interface SinkNames {
  /** Such as `x`: the source is `src/x-sink.ts`, and ids begin with `x:`. */
  readonly file: string;
  /** Such as `XSink`. */
  readonly className: string;
}

/** Names after the package's: `@acme/sink-big-query` has `BigQuerySink` in `big-query-sink.ts`. */
export function sinkNames(packageName: string): SinkNames {
  const [scope, base] = packageName.startsWith("@") ? packageName.slice(1).split("/") : ["my", packageName];
  const words = wordsOf(base).filter((word) => word !== "sink");
  const own = words.length > 0 ? words : wordsOf(scope);
  const name = own.length > 0 ? own : ["my"];
  const pascal = name.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  return { file: name.join("-"), className: /^\d/.test(pascal) ? `Sink${pascal}` : `${pascal}Sink` };
}

function wordsOf(text = ""): string[] {
  return text.split(/[^a-z0-9]+/).filter((word) => word !== "");
}
