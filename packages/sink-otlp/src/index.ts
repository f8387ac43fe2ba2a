export type { HeadersOption } from "./headers.ts";
export type { ExportedLogRecord, ExportResult, LogRecordExporter } from "./log-record-exporter.ts";
export type { OTLPSinkOptions } from "./options.ts";
export { OTLPSink } from "./otlp-sink.ts";
export type { TLSOptions } from "./tls.ts";
