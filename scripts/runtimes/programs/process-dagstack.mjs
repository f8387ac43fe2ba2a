import { adapter } from "./dagstack.mjs";
import { burst } from "./dagstack-burst.mjs";
import { main } from "./process-main.mjs";

void main(adapter, burst, process.argv.slice(2));
