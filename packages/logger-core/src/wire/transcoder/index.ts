export { type EncodedLogRecord, type EncodedResourceLogs, OtlpJsonTranscoder } from "./json-requests.ts";
