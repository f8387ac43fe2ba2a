export { BoundLayer, canonicalJson, type EncoderDraft, type RecordEncoder } from "./encoder/index.ts";
export { LineEncoder, type ParseOptions, parseDagstackJsonl, toDagstackJsonl } from "./line/index.ts";
export { toLine } from "./line-text.ts";
export { OtlpRecordEncoder, OtlpRequestEncoder, toOtlpJson, toOtlpProtobuf } from "./otlp/index.ts";
export { type ColorChoice, escapeText, formatPretty, type PrettyOptions, usesColor } from "./pretty/index.ts";
export { type EncodedLogRecord, type EncodedResourceLogs, OtlpJsonTranscoder } from "./transcoder/index.ts";
