export { BoundLayer, canonicalJson } from "./encoder/index.ts";
export { type LineDraft, LineEncoder, type ParseOptions, parseDagstackJsonl, toDagstackJsonl } from "./line/index.ts";
export { toLine } from "./line-text.ts";
export { OtlpRecordEncoder, OtlpRequestEncoder, toOtlpJson, toOtlpProtobuf } from "./otlp/index.ts";
export { type ColorChoice, escapeText, formatPretty, type PrettyOptions, usesColor } from "./pretty/index.ts";
