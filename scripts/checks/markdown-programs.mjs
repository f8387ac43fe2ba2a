// Finds the programs in a Markdown file.
//
//   ```ts              a whole program: compiled and run
//   ```ts no-run       compiled only, because it needs something that is not here, such as a collector
//   ```ts continued    goes on where the block before it ended
//   ```ts sketch       not code to be compiled: the shape of an interface, an excerpt with gaps
//
// A comment right before a block, `<!-- before: … -->`, holds lines that the program needs and the reader does not.

const fence =
  /(?:<!-- before:\n(?<before>[\s\S]*?)-->\n+)?^```(?:ts|typescript|js|javascript)(?<flags>(?: [^\n]*)?)\n(?<code>[\s\S]*?)^```/gm;
const knownFlags = new Set(["no-run", "continued", "sketch"]);

/** `{ programs: [{ line, code, run }], sketches, problems }`; `line` is that of the opening fence. */
export function markdownPrograms(text) {
  const programs = [];
  const problems = [];
  let sketches = 0;
  for (const { index, 0: whole, groups } of text.matchAll(fence)) {
    const line = text.slice(0, index + whole.search(/^```/m)).split("\n").length;
    const flags = groups.flags
      .trim()
      .split(/\s+/)
      .filter((flag) => flag !== "");
    const unknown = flags.filter((flag) => !knownFlags.has(flag));
    if (unknown.length > 0) problems.push(`line ${line}: unknown flag ${unknown.join(" ")}`);
    if (flags.includes("sketch")) {
      sketches += 1;
      continue;
    }
    const code = (groups.before ?? "") + groups.code;
    const previous = programs.at(-1);
    if (!flags.includes("continued")) programs.push({ line, code, run: !flags.includes("no-run") });
    else if (previous === undefined) problems.push(`line ${line}: continues nothing`);
    else previous.code += code;
  }
  return { programs, sketches, problems };
}
