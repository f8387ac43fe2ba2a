export { FetchTransport } from "./transport-fetch.ts";
