import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { resource, scope } from "../fields.mjs";

function start(url, batching) {
  const processor = new BatchLogRecordProcessor({ exporter: new OTLPLogExporter({ url }), ...batching });
  const provider = new LoggerProvider({ resource: resourceFromAttributes(resource), processors: [processor] });
  const logger = provider.getLogger(scope.name, scope.version);
  return {
    info: (body, attributes) => logger.emit({ severityNumber: 9, severityText: "INFO", body, attributes }),
    flush: () => provider.forceFlush(),
    close: () => provider.shutdown(),
  };
}

export const byDefault = ({ url }) => start(url, {});

export const unboundedQueue = ({ url }) => start(url, { maxQueueSize: 1_000_000 });
