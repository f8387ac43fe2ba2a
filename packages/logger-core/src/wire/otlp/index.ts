export { toOtlpJson } from "./otlp-json.ts";
export { OtlpRequestEncoder, toOtlpProtobuf } from "./otlp-protobuf.ts";
export { OtlpRecordEncoder } from "./otlp-record-encoder.ts";
