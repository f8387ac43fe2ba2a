// A collector with the otlp receiver and the file exporter, in a temporary folder, that can be killed, stopped and started again.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

const startLimitMs = 30_000;
const stopLimitMs = 20_000;

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Whether something accepts a connection there. */
function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const answer = (yes) => {
      socket.destroy();
      resolve(yes);
    };
    socket.once("connect", () => answer(true));
    socket.once("error", () => answer(false));
  });
}

export class Collector {
  #binary;
  #folder = mkdtempSync(join(tmpdir(), "dagstack-collector-"));
  #port;
  #maxBodyBytes;
  #process;
  #output = "";
  /** One file for each start: a line that SIGKILL tore is then the last of its file. */
  #files = [];

  /** Starts one. `maxBodyBytes` is the receiver's `max_request_body_size`. */
  static async start(binary, { maxBodyBytes } = {}) {
    const collector = new Collector();
    collector.#binary = binary;
    collector.#maxBodyBytes = maxBodyBytes;
    collector.#port = await freePort();
    await collector.startAgain();
    return collector;
  }

  get endpoint() {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Resolves when the receiver takes connections, at the same address as before. */
  async startAgain() {
    const config = join(this.#folder, `config-${this.#files.length}.yaml`);
    this.#files.push(join(this.#folder, `logs-${this.#files.length}.jsonl`));
    writeFileSync(config, JSON.stringify(this.#configuration(this.#files.at(-1)))); // JSON is YAML
    const child = spawn(this.#binary, ["--config", config], { stdio: ["ignore", "pipe", "pipe"] });
    this.#process = child;
    let failure;
    child.once("error", (error) => {
      failure = error.message;
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        this.#output = (this.#output + text).slice(-4000);
      });
    }
    const deadline = performance.now() + startLimitMs;
    while (!(await accepts(this.#port))) {
      if (failure !== undefined || child.exitCode !== null || performance.now() > deadline) {
        throw new Error(`the collector did not start: ${failure ?? this.#output}`);
      }
      await sleep(50);
    }
  }

  /** With `rotation` the exporter writes each request at once, where it would buffer else: what is acknowledged is in the file. */
  #configuration(path) {
    const http = { endpoint: `127.0.0.1:${this.#port}` };
    if (this.#maxBodyBytes !== undefined) http.max_request_body_size = this.#maxBodyBytes;
    return {
      receivers: { otlp: { protocols: { http } } },
      exporters: { file: { path, rotation: { max_megabytes: 4096 } } },
      service: {
        telemetry: { metrics: { level: "none" }, logs: { level: "warn" } },
        pipelines: { logs: { receivers: ["otlp"], exporters: ["file"] } },
      },
    };
  }

  async #end(signal) {
    const child = this.#process;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }

  /** SIGKILL: no chance to write or to answer anything. */
  kill() {
    return this.#end("SIGKILL");
  }

  /** SIGSTOP: the kernel goes on accepting connections, and nobody answers them. */
  pause() {
    this.#process.kill("SIGSTOP");
  }

  resume() {
    this.#process.kill("SIGCONT");
  }

  /** Ends the collector in good order and reads what it exported: one parsed `LogsData` for each line. */
  async finish() {
    const killer = setTimeout(() => this.#process.kill("SIGKILL"), stopLimitMs);
    await this.#end("SIGTERM");
    clearTimeout(killer);
    const lines = [];
    for (const file of this.#files) lines.push(...(await readLines(file)));
    return lines;
  }

  dispose() {
    this.#process?.kill("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function readLines(file) {
  if (!existsSync(file)) return []; // it is made with the first request
  const texts = [];
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY }))
    texts.push(line);
  return texts.flatMap((text, index) => {
    try {
      return [JSON.parse(text)];
    } catch (error) {
      // Torn by SIGKILL, hence never acknowledged.
      if (index === texts.length - 1) return [];
      throw new Error(`${error.message} in line ${index + 1}: ${text.slice(0, 200)}`);
    }
  });
}
