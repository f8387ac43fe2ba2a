// Draws the pictures of docs/pretty.md: the same program's output under several loggers.
//   node src/main.mjs            writes docs/pretty/*.svg
//   node src/main.mjs --check    writes nothing, and fails when a logger shows nothing or ours is not as docs/pretty.md says
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rowsOf } from "./screen.mjs";
import { svgOf, THEMES } from "./svg.mjs";

const source = dirname(fileURLToPath(import.meta.url));
const root = join(source, "../../..");
const pictures = join(root, "docs/pretty");
const COLUMNS = 100;

/** What is drawn: a name, a logger, how wide, and variables of the environment. */
const SHOTS = [
  ...["dagstack", "pino-pretty", "consola", "logtape", "tslog"].map((logger) => ({ name: logger, logger })),
  { name: "dagstack-60", logger: "dagstack", columns: 60 },
  { name: "dagstack-plain", logger: "dagstack", env: { NO_COLOR: "1" } },
  { name: "dagstack-hard", logger: "dagstack", program: "hard-cases" },
];

function outputOf({ logger, program = "shop", columns = COLUMNS, env = {} }) {
  const { TERM, NO_COLOR, FORCE_COLOR, CI, ...inherited } = process.env;
  const child = spawnSync(process.execPath, [join(source, "child.mjs"), logger, program, String(columns)], {
    cwd: join(source, ".."),
    encoding: "utf8",
    env: {
      ...inherited,
      TERM: "xterm-256color",
      COLORTERM: "",
      ...(env.NO_COLOR ? {} : { FORCE_COLOR: "1" }),
      TZ: "Europe/Berlin",
      ...env,
    },
  });
  if (child.status !== 0) throw new Error(`${logger}: ${child.stderr}`);
  return child.stdout.replaceAll(join(source, ".."), "/srv/shop").replaceAll(root.replace(/\/$/, ""), "/srv");
}

const isCheck = process.argv.includes("--check");
if (!isCheck) mkdirSync(pictures, { recursive: true });
for (const shot of SHOTS) {
  const columns = shot.columns ?? COLUMNS;
  const output = outputOf(shot);
  if (process.argv.includes("--text")) console.log(`\n${shot.name}\n${output}`);
  const rows = rowsOf(output, columns);
  if (rows.length < 7) throw new Error(`${shot.name}: only ${rows.length} lines`);
  if (isCheck) continue;
  for (const [theme, look] of Object.entries(THEMES)) {
    writeFileSync(join(pictures, `${shot.name}-${theme}.svg`), svgOf(`Terminal: ${shot.name}`, rows, columns, look));
  }
  console.log(`${shot.name}: ${rows.length} lines`);
}
