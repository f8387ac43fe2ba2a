export type { Answer, Script } from "./answer.ts";
export { type Certificate, CertificateAuthority } from "./certificates.ts";
export { decodeLogs, type ReceivedRecord, type ReceivedValue } from "./decode-logs.ts";
export { OtlpReceiver, type OtlpReceiverOptions, type ReceivedRequest } from "./receiver.ts";
