/** The lines of a stack trace: which are the application's own, and where the others are from. */

/** A call of the application's own code, of a library, or a line that says something else. */
export type StackLine =
  | { readonly kind: "own"; readonly call: string; readonly place: string }
  | { readonly kind: "library"; readonly call: string; readonly place: string; readonly from: string }
  | { readonly kind: "text"; readonly text: string };

const V8_FRAME = /^\s*at (?:(.*?) \((.*)\)|(.*))$/;
/** Firefox, Safari and Bun: `call@place`. */
const AT_FRAME = /^([^@\s]*)@(\S+:\d+(?::\d+)?)$/;
const NODE_MODULES = /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/;
/** Code that came with the engine has no file, or one of these. */
const BUILT_IN = /^(?:<anonymous>|\[?native(?: code)?\]?|((?:node|deno|bun|ext|wasm|internal)[:/][^:/]*).*)$/;
/** More of one line is not looked at. */
const MAX_LENGTH = 1000;

/** What stands before the calls, which is the error's name and message, and the calls. */
export interface Stack {
  readonly head: string;
  readonly lines: readonly StackLine[];
}

/**
 * Takes a stack trace apart.
 *
 * @param cwd paths below it are told from there.
 */
export function readStack(stack: string, cwd: string): Stack {
  const texts = stack.split(/\r?\n/);
  while (texts.length > 0 && texts[texts.length - 1]?.trim() === "") texts.pop();
  const lines = texts.map((text) => stackLine(text.slice(0, MAX_LENGTH), cwd));
  const first = lines.findIndex(({ kind }) => kind !== "text");
  const calls = first < 0 ? lines.length : first;
  return { head: texts.slice(0, calls).join("\n"), lines: lines.slice(calls) };
}

function stackLine(text: string, cwd: string): StackLine {
  const v8 = V8_FRAME.exec(text);
  const other = v8 === null ? AT_FRAME.exec(text) : null;
  if (v8 === null && other === null) return { kind: "text", text: text.trim() };
  const whole = v8?.[2] ?? v8?.[3] ?? other?.[2] ?? "";
  const place = whole.replace(/^async /, "");
  const call = v8?.[1] ?? other?.[1] ?? (place === whole ? "" : "async");
  const from = libraryOf(place);
  if (from !== undefined) return { kind: "library", call, place: relative(place, cwd), from };
  return { kind: "own", call, place: relative(place, cwd) };
}

/** The package or part of the engine that a place is in; `undefined` for the application's own. */
function libraryOf(place: string): string | undefined {
  const installed = NODE_MODULES.exec(place);
  if (installed !== null) return installed[1]?.replace("\\", "/");
  const builtIn = BUILT_IN.exec(place);
  return builtIn === null ? undefined : (builtIn[1] ?? "native");
}

function relative(place: string, cwd: string): string {
  const path = place.replace(/^file:\/\/(?=\/)/, "").replace(/^\/(?=[A-Za-z]:[\\/])/, "");
  const isBelow = cwd !== "" && slashed(path).startsWith(`${slashed(cwd)}/`);
  return isBelow ? path.slice(cwd.length + 1) : path;
}

function slashed(path: string): string {
  return path.replaceAll("\\", "/");
}
