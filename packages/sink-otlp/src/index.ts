export type { HeadersOption, ProxyOption, TLSOptions } from "@dagstack/logger-core/http";
export type { ExportedLogRecord, ExportResult, LogRecordExporter } from "./log-record-exporter.ts";
export type { OTLPSinkOptions } from "./options.ts";
export { OTLPSink } from "./otlp-sink.ts";
