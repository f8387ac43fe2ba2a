export { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-http";
