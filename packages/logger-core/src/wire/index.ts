export { BoundLayer } from "./bound-layer.ts";
export { canonicalJson } from "./canonical-json.ts";
export { toDagstackJsonl } from "./dagstack-jsonl.ts";
export { escapeText } from "./escape-text.ts";
export { type LineDraft, LineEncoder } from "./line-encoder.ts";
export { toOtlpJson } from "./otlp-json.ts";
export { toOtlpProtobuf } from "./otlp-protobuf.ts";
export { type ParseOptions, parseDagstackJsonl } from "./parse-dagstack-jsonl.ts";
export { formatPretty, type PrettyOptions } from "./pretty.ts";
