import { getOpenTelemetrySink } from "@logtape/otel";
import { adapter as logtape } from "./logtape.mjs";

export const adapter = {
  ...logtape,
  async otlp(endpoint, count) {
    const log = await logtape.using(
      getOpenTelemetrySink({ serviceName: "runtimes", otlpExporterConfig: { url: `${endpoint}/v1/logs` } }),
    );
    for (let n = 0; n < count; n++) log.info("sent", { n });
    await logtape.dispose();
  },
};
