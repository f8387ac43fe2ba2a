#!/usr/bin/env node
import { runCommandLine } from "./command-line/index.ts";

const { stdout, stderr } = process;
const status = await runCommandLine(process.argv.slice(2), { cwd: process.cwd(), stdout, stderr, process });
// A sink may have left something behind that would keep this process alive, and a pipe must be empty before it ends.
stdout.write("", () => process.exit(status));
