export { webPlatform } from "./platform.ts";
export { FetchTransport } from "./transport-fetch.ts";
