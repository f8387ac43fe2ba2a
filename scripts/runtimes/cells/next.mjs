// Next.js: one build, asked once as a standalone server and once in its edge runtime.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { runCommand } from "../../checks/run-command.mjs";
import { confirmed, failedPoints, LIBRARIES } from "../results.mjs";
import { toolFolder } from "../tools.mjs";

const RUNTIMES = ["nodejs", "edge"];
const START_MS = 30_000;

const route = (runtime, library) => `import { adapter } from "../../${library}.mjs";
import { points } from "../../points.mjs";

export const runtime = "${runtime}";
export const dynamic = "force-dynamic";

export async function GET(request) {
  const { searchParams } = new URL(request.url);
  return Response.json(await points(adapter, { otlpUrl: searchParams.get("otlp"), syncOnly: runtime === "edge" }));
}
`;

const layout = `export default function Layout({ children }) {
  return <html><body>{children}</body></html>;
}
`;

/** The application, below the folder that has Next: it finds its own modules by going up from there. */
async function writeApplication(project) {
  const home = await toolFolder("next");
  for (const name of readdirSync(home)) if (name.startsWith("app-")) rmSync(join(home, name), { recursive: true });
  const application = join(home, `app-${process.pid}`);
  mkdirSync(join(application, "app"), { recursive: true });
  for (const scope of ["@dagstack", "@logtape"]) {
    cpSync(join(project, "node_modules", scope), join(application, "node_modules", scope), {
      recursive: true,
      dereference: true,
    });
  }
  for (const name of ["points.mjs", "dagstack.mjs", "logtape.mjs"])
    cpSync(join(project, name), join(application, name));
  writeFileSync(join(application, "package.json"), JSON.stringify({ name: "application", private: true }));
  writeFileSync(join(application, "next.config.mjs"), 'export default { output: "standalone" };\n');
  writeFileSync(join(application, "app", "layout.jsx"), layout);
  for (const runtime of RUNTIMES) {
    for (const library of LIBRARIES) {
      const folder = join(application, "app", `${runtime}-${library}`);
      mkdirSync(folder);
      writeFileSync(join(folder, "route.js"), route(runtime, library));
    }
  }
  return application;
}

async function buildApplication(project) {
  const application = await writeApplication(project);
  const next = join(application, "..", "node_modules", "next", "dist", "bin", "next");
  const env = { NEXT_TELEMETRY_DISABLED: "1", CI: "1", NO_COLOR: "1" };
  const built = await runCommand(process.execPath, [next, "build"], { cwd: application, env, timeoutMs: 400_000 });
  if (!built.ok) throw new Error(`next build: ${built.output.slice(-3000)}`);
  return { application, output: built.output };
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

async function startServer(application) {
  const standalone = join(application, ".next", "standalone");
  const file = readdirSync(standalone, { recursive: true }).find(
    (name) => name.endsWith("server.js") && !name.includes("node_modules"),
  );
  const port = await freePort();
  const env = { ...process.env, PORT: String(port), HOSTNAME: "127.0.0.1" };
  const server = spawn(process.execPath, [join(standalone, file)], { env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [server.stdout, server.stderr]) stream.on("data", (chunk) => (output += chunk));
  const deadline = performance.now() + START_MS;
  while (!output.includes("Ready")) {
    if (performance.now() > deadline || server.exitCode !== null) throw new Error(`no server: ${output}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { origin: `http://127.0.0.1:${port}`, output: () => output, stop: () => server.kill("SIGKILL") };
}

let built;

function next(name, title, runtime) {
  return {
    name,
    title,
    async run({ project, otlp }) {
      built ??= buildApplication(project);
      const { application, output: buildOutput } = await built;
      const server = await startServer(application);
      const results = {};
      try {
        for (const library of LIBRARIES) {
          const before = server.output().length;
          const url = `${server.origin}/${runtime}-${library}?otlp=${encodeURIComponent(otlp.url(library))}`;
          const response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
          const text = await response.text();
          await new Promise((resolve) => setTimeout(resolve, 200)); // the server's output comes by pipes
          const printed = server.output().slice(before);
          results[library] = {
            build: warnings(buildOutput, library),
            ...(response.ok
              ? confirmed(JSON.parse(text), printed, otlp.received(library))
              : failedPoints(`status ${response.status}: ${printed.slice(0, 1500)}`)),
          };
        }
      } finally {
        server.stop();
      }
      return results;
    },
  };
}

/** What the build said about a library, as a rule an API that its edge runtime does not have. */
function warnings(output, library) {
  const scope = `@${library}`;
  const lines = output.split("\n");
  const named = lines.filter((line) => /warn|not supported|edge runtime/i.test(line) || line.includes(scope));
  return named.some((line) => line.includes(scope)) ? named.join("\n") : null;
}

export const nextCells = [
  next("next:standalone", "Next.js, standalone server", "nodejs"),
  next("next:edge", "Next.js, edge runtime", "edge"),
];
