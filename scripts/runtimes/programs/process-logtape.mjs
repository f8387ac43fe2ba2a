import { burst } from "./logtape-burst.mjs";
import { adapter } from "./logtape-otlp.mjs";
import { main } from "./process-main.mjs";

void main(adapter, burst, process.argv.slice(2));
