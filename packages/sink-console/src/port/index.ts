export { openPort } from "./open-port.ts";
export type { Port } from "./port.ts";
