export { Alarms, type Waiting } from "./alarms.ts";
export { ServerHold } from "./server-hold.ts";
