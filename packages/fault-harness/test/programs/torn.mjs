// Is killed in the middle of telling a fact.
import { writeSync } from "node:fs";
import { say } from "../../src/say.mjs";

say({ whole: true });
writeSync(3, '{"half":tr');
process.kill(process.pid, "SIGKILL");
