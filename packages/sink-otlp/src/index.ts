export type { Compression, HeadersOption, ProxyOption, TLSOptions } from "@dagstack/logger-core/http";
export type { Protocol } from "./environment.ts";
export type { ExportedLogRecord, ExportResult, HrTime, LogRecordExporter } from "./log-record-exporter.ts";
export type { OTLPSinkOptions } from "./options.ts";
export { OTLPSink } from "./otlp-sink.ts";
