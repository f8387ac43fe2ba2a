export { FetchTransport, type FetchTransportSettings } from "./transport-fetch.ts";
