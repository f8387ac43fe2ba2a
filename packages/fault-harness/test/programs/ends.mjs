// Says what it got and its flags, writes to both streams, waits for standard input to end where it has one, and exits with 3.
import { say } from "../../src/say.mjs";

const { waits } = JSON.parse(process.argv[2]);
say({ waits, flags: process.execArgv });
console.log("out");
console.error("err");
if (waits) for await (const _chunk of process.stdin);
say({ waits: "no more" });
process.exitCode = 3;
