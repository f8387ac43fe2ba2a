// Without @logtape/otel: the OpenTelemetry SDK behind it is bundled or not for reasons that are not LogTape's.
import { adapter } from "./logtape.mjs";
import { burst } from "./logtape-burst.mjs";
import { main } from "./process-main.mjs";

void main(adapter, burst, process.argv.slice(2));
