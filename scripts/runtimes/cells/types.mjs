// Programs in TypeScript against the declarations of all packages, compiled by every version in every way.
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../../checks/run-command.mjs";
import { toolFolder } from "../tools.mjs";

const resolutions = {
  node10: { module: "commonjs", files: ["use.ts"] },
  node16: { module: "node16", files: ["use.mts", "use.cts"] },
  nodenext: { module: "nodenext", files: ["use.mts", "use.cts"] },
  bundler: { module: "esnext", files: ["use.ts"] },
};

/** TypeScript 7 has no node10. */
const ways = (version) =>
  Object.entries(resolutions)
    .filter(([name]) => version !== "7.0" || name !== "node10")
    .flatMap(([name, resolution]) => [
      { name, ...resolution, types: [], lib: ["es2022", "dom"] },
      { name, ...resolution, types: ["node"], lib: ["es2022"] },
    ]);

const compilerOptions = (version, { name, module, types, lib }) => ({
  target: "es2022",
  module,
  moduleResolution: name,
  lib,
  types,
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  noEmit: true,
  ...(version === "6.0" && name === "node10" ? { ignoreDeprecations: "6.0" } : {}),
});

const cell = (version) => ({
  name: `types:${version}`,
  title: `TypeScript ${version}`,
  async run({ project, folder }) {
    const modules = join(await toolFolder("typescript"), "node_modules");
    const nodeModules = join(folder, "node_modules");
    mkdirSync(nodeModules, { recursive: true });
    symlinkSync(join(project, "node_modules", "@dagstack"), join(nodeModules, "@dagstack"));
    symlinkSync(join(modules, "@types"), join(nodeModules, "@types"));
    for (const extension of ["ts", "mts", "cts"]) {
      cpSync(join(project, "types-use.ts"), join(folder, `use.${extension}`));
    }
    const projects = ways(version).map((way) => {
      const path = join(folder, `${way.name}-${way.types.join() || "none"}`);
      mkdirSync(path);
      const files = way.files.map((file) => `../${file}`);
      writeFileSync(
        join(path, "tsconfig.json"),
        JSON.stringify({ compilerOptions: compilerOptions(version, way), files }),
      );
      return path;
    });
    // One process for all: what it costs to start a compiler is paid once.
    const tsc = join(modules, `typescript-${version}`, "bin", "tsc");
    const ran = await runCommand(process.execPath, [tsc, "-b", "--force", ...projects], { cwd: folder });
    return { dagstack: { types: ran.ok && ran.output.trim() === "" ? null : ran.output.slice(0, 4000) } };
  },
});

export const types = ["5.4", "5.5", "5.6", "5.7", "5.8", "5.9", "6.0", "7.0"].map(cell);
