// Imports go down: between packages, between the rooms of a package, and never in a circle. The order is in house.mjs.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { root, workspacePackages } from "../workspace.mjs";
import { house } from "./house.mjs";
import { importsOf } from "./source-imports.mjs";

/** Holds the sources of every package in the order of house to its rules; one check for each package and rule. */
export function importsGoDown(tally) {
  const known = new Set([...house.floors.flat(), ...house.beside]);
  for (const { path, manifest } of workspacePackages()) {
    const source = join(path, "src");
    if (!known.has(manifest.name) || !existsSync(source)) continue;
    const findings = problemsOf(readSources(source), manifest, house);
    for (const [rule, found] of Object.entries(findings)) {
      tally.expect(found.length === 0, `${manifest.name}: ${rule}`, found.join("\n"));
    }
  }
}

/** The source files below a folder: `{ path, room, lines, imports }`, `room` being the folder relative to `src`. */
export function readSources(source) {
  return readdirSync(source, { recursive: true })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => {
      const path = join(source, name);
      return {
        path,
        name: name.split(sep).join("/"),
        room: dirname(name).split(sep).join("/"),
        lines: readFileSync(path, "utf8").split("\n").length - 1,
        imports: importsOf(path),
      };
    });
}

/** What is wrong with the sources of a package: a list of findings for each rule. */
export function problemsOf(sources, manifest, { floors, beside, rooms, nodeOnly, maxFiles, maxLines }) {
  const byPath = new Map(sources.map((file) => [file.path, file]));
  const floorOfRoom = new Map(
    (rooms[manifest.name] ?? []).flatMap((entry, at) => [entry].flat().map((room) => [room, at])),
  );
  const floorOfPackage = new Map(floors.flatMap((names, at) => names.map((name) => [name, at])));
  const problems = {
    "imports between its rooms go down, through their doors": [],
    "no files import each other in a circle": circles(sources, byPath),
    "it imports only packages on lower floors": [],
    "node: modules are imported only where house.mjs says": [],
    "no folder is crowded, no file is long": sizes(sources, maxFiles, maxLines),
  };
  const [down, , packages, node] = Object.values(problems);
  for (const file of sources) {
    const where = relative(root, file.path).split(sep).join("/");
    for (const name of file.imports) {
      if (name.startsWith(".")) {
        const target = byPath.get(join(dirname(file.path), name));
        const problem = target && roomProblem(file, target, floorOfRoom);
        if (problem) down.push(`${where} imports ${name}: ${problem}`);
      } else if (name.startsWith("node:")) {
        if (!nodeOnly.some((place) => where.startsWith(place))) node.push(`${where} imports ${name}`);
      } else {
        const problem = packageProblem(name, manifest, floorOfPackage, beside);
        if (problem) packages.push(`${where} imports ${name}: ${problem}`);
      }
    }
  }
  return problems;
}

function roomProblem(file, target, floorOfRoom) {
  if (file.room === target.room) return undefined;
  const from = file.room === "." ? Number.POSITIVE_INFINITY : floorOfRoom.get(file.room);
  const to = floorOfRoom.get(target.room);
  if (from === undefined) return `house.mjs does not know the room ${file.room}`;
  if (to === undefined) return `house.mjs does not know the room ${target.room}`;
  if (to >= from) return `${target.room} is not below ${file.room}`;
  if (target.room !== "generated" && !target.name.endsWith("/index.ts")) {
    return `the door of ${target.room} is its index.ts`;
  }
  return undefined;
}

function packageProblem(name, manifest, floorOfPackage, beside) {
  const [scope, rest] = name.split("/");
  const imported = name.startsWith("@") ? `${scope}/${rest}` : scope;
  if (name.startsWith("#") || imported === manifest.name) return undefined;
  if (beside.includes(imported)) return "only tests use it";
  const to = floorOfPackage.get(imported);
  if (to === undefined) return undefined; // not of this workspace: knip and the step `dependencies` watch those
  const from = floorOfPackage.get(manifest.name) ?? 1;
  return to < from ? undefined : "it is not on a lower floor";
}

/** The circles among files, each named once, in the order in which its files import each other. */
function circles(sources, byPath) {
  const found = [];
  const done = new Set();
  const open = [];
  const enter = (file) => {
    if (done.has(file)) return;
    const at = open.indexOf(file);
    if (at >= 0) {
      found.push([...open.slice(at), file].map(({ name }) => name).join(" → "));
      return;
    }
    open.push(file);
    for (const name of file.imports) {
      const target = name.startsWith(".") ? byPath.get(join(dirname(file.path), name)) : undefined;
      if (target !== undefined) enter(target);
    }
    open.pop();
    done.add(file);
  };
  for (const file of sources) enter(file);
  return found;
}

function sizes(sources, maxFiles, maxLines) {
  const filesOf = groupByRoom(sources);
  const crowded = [...filesOf]
    .filter(([room, files]) => room !== "generated" && files.length > maxFiles)
    .map(([room, files]) => `${room} holds ${files.length} files, at most ${maxFiles}`);
  const long = sources
    .filter(({ room, lines }) => room !== "generated" && lines > maxLines)
    .map(({ name, lines }) => `${name} has ${lines} lines, at most ${maxLines}`);
  return [...crowded, ...long];
}

function groupByRoom(sources) {
  const groups = new Map();
  for (const file of sources) groups.set(file.room, [...(groups.get(file.room) ?? []), file]);
  return groups;
}
