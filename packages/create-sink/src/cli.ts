#!/usr/bin/env node
/** `npm create @dagstack/sink`. */
import { fileURLToPath } from "node:url";
import { createSink } from "./create-sink.ts";
import { Terminal } from "./terminal.ts";

const packageFolder = fileURLToPath(new URL("..", import.meta.url));
const terminal = new Terminal(process.stdin, process.stdout, process.stderr);
process.exitCode = await createSink(process.argv.slice(2), { packageFolder, cwd: process.cwd(), terminal });
terminal.close();
