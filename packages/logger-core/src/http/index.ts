export type { HeaderSource, HeadersOption, RequestToSend } from "./headers.ts";
export { headerIssue } from "./headers.ts";
export { type HttpAnswer, isPage, outcomeByStatus } from "./http-answer.ts";
export type { EncodeFunction, HttpBody, ReadFunction } from "./http-delivery.ts";
export {
  type Compression,
  checkHttpOptions,
  HTTP_REQUEST_OPTIONS,
  HTTP_USER_OPTIONS,
  type HttpRequestDefaults,
  type HttpRequestOptions,
  type HttpRequestSettings,
  type HttpUserOptions,
  readRequestOptions,
} from "./http-options.ts";
export { HttpSink, type HttpSinkOptions, type HttpSinkSettings } from "./http-sink.ts";
export { type HttpTarget, parseHttpUrl, readHttpUrl } from "./http-url.ts";
export { processVariables, type Variables } from "./process-variables.ts";
export type { ProxyOption } from "./proxy.ts";
export { pauseMs, retryAfterMs } from "./retry-after.ts";
export { withoutTracing } from "./suppress-tracing.ts";
export { areCertificatesUsable, readCertificateFile, type TLSOptions } from "./tls.ts";
export {
  errorCode,
  type HeaderMap,
  type ProxySettings,
  type TLSMaterial,
  type TLSPart,
  type TLSSettings,
} from "./transport/index.ts";
