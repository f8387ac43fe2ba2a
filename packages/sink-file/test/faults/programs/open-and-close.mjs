// open-and-close <path> [rotation as JSON]: opens a sink and closes it, as a next start does that logs nothing.
import { countingSink } from "./sink.mjs";

const [path, rotation] = process.argv.slice(2);
const { sink, counts } = countingSink(path, rotation === undefined ? {} : { rotation: JSON.parse(rotation) });
await sink.close(30_000);
console.log(JSON.stringify(counts));
