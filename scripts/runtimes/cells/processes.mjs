// Runtimes that run a program as a process.
import { join } from "node:path";
import { processCell } from "../process-cell.mjs";
import { asCommonJs } from "../project.mjs";
import { runtimeBinary } from "../tools.mjs";

function node(major) {
  return ["import", "require"].map((format) => ({
    name: `node${major}:${format}`,
    title: `Node ${major}, ${format === "import" ? "ES modules" : "CommonJS"}`,
    async run({ project, folder, otlp }) {
      const binary = await runtimeBinary(`node${major}`);
      const program = async (library) => {
        const file = `process-${library}.mjs`;
        return format === "import" ? join(project, file) : asCommonJs(project, file);
      };
      const files = { dagstack: await program("dagstack"), logtape: await program("logtape") };
      return processCell({ command: (library) => [binary, files[library]], folder, otlp });
    },
  }));
}

function deno(name, title, permissions, without) {
  return {
    name,
    title,
    async run({ project, folder, otlp }) {
      const binary = await runtimeBinary("deno");
      const command = (library) => {
        const program = join(project, `process-${library}.mjs`);
        return [binary, "run", "--no-prompt", "--quiet", ...permissions, program];
      };
      return processCell({ command, folder, otlp, without });
    },
  };
}

const noFile = "no permission to write";
const noNet = "no permission for the network";

export const processes = [
  ...[20, 22, 24, 26].flatMap(node),
  deno("deno", "Deno without any permission", [], { file: noFile, otlp: noNet }),
  deno(
    "deno:some",
    "Deno with `--allow-env --allow-sys --allow-write`",
    ["--allow-env", "--allow-sys", "--allow-write"],
    {
      otlp: noNet,
    },
  ),
  deno("deno:all", "Deno with `--allow-all`", ["--allow-all"]),
  {
    name: "bun",
    title: "Bun",
    async run({ project, folder, otlp }) {
      const binary = await runtimeBinary("bun");
      return processCell({ command: (library) => [binary, join(project, `process-${library}.mjs`)], folder, otlp });
    },
  },
];
