export { __CLASS__, type __CLASS__Options } from "./__FILE__-sink.ts";
