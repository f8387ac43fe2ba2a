// Opens a sink and closes it, as a next start does that logs nothing. Argument: `{ path, rotation? }`.
import { say } from "@dagstack/fault-harness/say";
import { countingSink } from "./sink.mjs";

const { path, rotation } = JSON.parse(process.argv[2]);
const { sink, counts } = countingSink(path, rotation === undefined ? {} : { rotation });
await sink.close(30_000);
say(counts);
