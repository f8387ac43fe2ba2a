export type { Answer } from "./answer.ts";
export { type Certificate, CertificateAuthority } from "./certificates.ts";
export { decodeLogs, type ReceivedRecord, type ReceivedValue } from "./decode-logs.ts";
export type { ReceivedRequest } from "./received-request.ts";
export { OtlpReceiver, type OtlpReceiverOptions, type Script } from "./receiver.ts";
