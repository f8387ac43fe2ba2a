export { BodyCollector } from "./body-collector.ts";
export {
  type HttpPlatform,
  isPem,
  type ProxySettings,
  type TLSMaterial,
  type TLSPart,
  type TLSSettings,
  type TransportSettings,
} from "./platform.ts";
export {
  errorCode,
  type HeaderMap,
  type PostRequest,
  type PostResponse,
  type ReceivedBody,
  type Transport,
  TransportError,
} from "./transport.ts";
